"""The line that guards each rule, and what it is in a copy that has the bug: read by tests and by `make broken`."""

from dataclasses import dataclass

from contracts.compile import SOURCES

FOLDER = "tests/contracts/bugs/"


@dataclass(frozen=True)
class Break:
    """A bug class, the test that finds it, and the source text whose change puts the bug in."""

    bug: str
    test: str
    """File and function in this folder."""
    source: str
    """Under contracts/src."""
    contract: str
    """The one whose code the change must reach for the test to meet it."""
    edits: tuple[tuple[str, str], ...]
    """Old text, which occurs exactly once, and new text."""
    seen: str
    """What the failure says: the reason for which the broken copy is found out."""

    def applied(self) -> str:
        """The source with the bug in it."""
        text = (SOURCES / self.source).read_text()
        for old, new in self.edits:
            text = text.replace(old, new)
        return text

    @property
    def guarded(self) -> str:
        """The first line of the old text that the new text has not, or else its first line."""
        old, new = self.edits[0]
        lines = [line.strip() for line in old.strip().splitlines()]
        return next((line for line in lines if line not in new), lines[0])

    @property
    def line(self) -> int:
        """Where the guarded line stands in the source, from 1."""
        text, (old, _) = (SOURCES / self.source).read_text(), self.edits[0]
        return text[: text.index(old) + old.index(self.guarded)].count("\n") + 1


DID_NOT_RAISE = "DID NOT RAISE"

BREAKS = (
    Break(
        bug="a due date jumps a month when paying a day after the start",
        test="test_days.py::test_paying_a_day_after_the_start_moves_no_due_day",
        source="libraries/PaymentLib.sol",
        contract="LoanBook",
        edits=(("if (s.paidRow == c.total) {", "if (s.paidRow != 0) {"),),
        seen="assert next_due_day(system, loan) == agreement.first_due_day",
    ),
    Break(
        bug="the last period is detected half a cycle off",
        test="test_days.py::test_the_last_period_is_the_last_row_whatever_the_day",
        source="libraries/ScheduleLib.sol",
        contract="LoanBook",
        edits=(("c.row + 1 == t.periods() ?", "c.row + 2 >= t.periods() ?"),),
        seen='assert system.loan(loan)["row"] == 2',
    ),
    Break(
        bug="the end date overflows",
        test="test_days.py::test_a_schedule_that_ends_beyond_the_last_day_is_refused",
        source="libraries/TermsLib.sol",
        contract="LoanViews",
        edits=(('_within("lastDueDay", lastDueDay, 0, ScheduleLib.LAST_DAY);', "lastDueDay;"),),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="28 February to 30 March is counted as 32 days",
        test="test_days.py::test_from_the_end_of_february_to_30_march_is_a_month_of_30_days",
        source="libraries/DayCountLib.sol",
        contract="LoanViews",
        edits=(("last = 30;\n                    first = 30;", "last = 30;"),),
        seen="assert charged == interest_of(30)",
    ),
    Break(
        bug="an overpayment is taken in full",
        test="test_payments.py::test_more_than_is_owed_is_refused_and_nothing_is_taken",
        source="LoanPayments.sol",
        contract="LoanBook",
        edits=(
            ("if (left != 0) revert ILoanBook.Overpayment(", "if (left > amountMinor) revert ILoanBook.Overpayment("),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a token's refusal counts as paid",
        test="test_payments.py::test_cash_that_is_not_there_pays_nothing",
        source="CashToken.sol",
        contract="CashToken",
        edits=(
            (
                "uint256 balance = _held[from];\n"
                "        if (balance < amountMinor) revert InsufficientCash(from, balance, amountMinor);",
                "uint256 balance = _held[from];\n        if (balance < amountMinor) return;",
            ),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a callback comes before the state is updated",
        test="test_payments.py::test_whoever_is_called_by_a_transfer_sees_the_payment_booked",
        source="LoanPayments.sol",
        contract="LoanBook",
        edits=(
            ("        _loans[loanId].rolling = s.pack();\n        _noteFees", "        _noteFees"),
            (
                "CASH.bookTransfer(payer, lender, amountMinor);",
                "CASH.bookTransfer(payer, lender, amountMinor);\n        _loans[loanId].rolling = s.pack();",
            ),
        ),
        seen='assert seen["row"] == 1',
    ),
    Break(
        bug="a blocked lender stops repayment",
        test="test_payments.py::test_a_blocked_lender_is_paid_like_any_other",
        source="CashToken.sol",
        contract="CashToken",
        edits=(
            (
                "_move(from, to, amountMinor);\n        return true;",
                "_requireMovable(to);\n        _move(from, to, amountMinor);\n        return true;",
            ),
        ),
        seen="NotPermitted",
    ),
    Break(
        bug="a late fee is dodged by paying in full",
        test="test_payments.py::test_a_loan_is_not_closed_before_its_late_fee_is_paid",
        source="libraries/PaymentLib.sol",
        contract="LoanBook",
        edits=(("return s.row == t.periods() && s.feeDue | s.penaltyDue == 0;", "return s.row == t.periods();"),),
        seen='assert "LoanClosed" not in events',
    ),
    Break(
        bug="repaying is impossible once overdue",
        test="test_payments.py::test_an_overdue_loan_can_be_repaid_on_any_day",
        source="LoanPayments.sol",
        contract="LoanBook",
        edits=(
            (
                "if (amountMinor == 0) revert ILoanBook.ZeroPayment(loanId);",
                "if (amountMinor == 0 || _today(t) > ScheduleLib.at(t, s.row, s.balance).dueDay)"
                " revert ILoanBook.ZeroPayment(loanId);",
            ),
        ),
        seen="ZeroPayment",
    ),
    Break(
        bug="refinancing wipes accrued interest",
        test="test_workout.py::test_new_terms_carry_the_interest_that_was_earned",
        source="LoanAmendments.sol",
        contract="LoanAmendments",
        edits=(("k.x.carriedInterest = found.carriedInterestMinor;", "k.x.carriedInterest = 0;"),),
        seen='assert system.loan(loan)["carried_interest_minor"] == earned',
    ),
    Break(
        bug="impairment moves the due date",
        test="test_workout.py::test_impairment_moves_no_due_day_and_accrues_nothing",
        source="LoanWorkout.sol",
        contract="LoanWorkout",
        edits=(("_impair(k, impairedMinor);", "_impair(k, impairedMinor);\n        ++k.s.row;"),),
        seen='assert system.loan(loan) == before | {"impaired_minor": 400_000}',
    ),
    Break(
        bug="a loan is written off before it is overdue",
        test="test_workout.py::test_only_a_loan_long_overdue_is_written_off",
        source="LoanWorkout.sol",
        contract="LoanWorkout",
        edits=(
            (
                "if (k.x.kind != SpecialPacking.DEFAULTED) _refuse(k);\n        _stand(k, _today(k.t));",
                "_stand(k, _today(k.t));",
            ),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a loan is in default before it is overdue",
        test="test_workout.py::test_only_a_loan_long_overdue_is_in_default",
        source="LoanWorkout.sol",
        contract="LoanWorkout",
        edits=(("if (late <= needed) revert NotLateEnough(k.loan, late, needed);", ""),),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a gift inflates the price of a share",
        test="test_rights.py::test_a_gift_to_an_empty_pool_takes_nothing_from_the_next_depositor",
        source="PoolValuation.sol",
        contract="LendingPool",
        edits=(("uint8 private constant SHARE_OFFSET = 6;", "uint8 private constant SHARE_OFFSET = 0;"),),
        seen="assert worth >= BROUGHT_MINOR - 2",
    ),
    Break(
        bug="a role's delay is bypassed through its target",
        test="test_rights.py::test_no_key_changes_policy_sooner_than_its_delay",
        source="LoanWorkout.sol",
        contract="LoanWorkout",
        edits=(
            (
                "ProductCaps calldata caps, uint256 fromDay) external restricted {",
                "ProductCaps calldata caps, uint256 fromDay) external {",
            ),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a sender is spoofed through calldata (ERC-2771)",
        test="test_rights.py::test_who_pays_is_who_sends_whatever_calldata_says",
        source="LoanBook.sol",
        contract="LoanBook",
        edits=(
            (
                "if (msg.sender != t.borrower()) _requireStanding(msg.sender);\n"
                "        _payToday(loanId, s, t, msg.sender, amountMinor);",
                "address sender = address(bytes20(msg.data[msg.data.length - 20:]));\n"
                "        if (sender != t.borrower()) _requireStanding(sender);\n"
                "        _payToday(loanId, s, t, sender, amountMinor);",
            ),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a sender is spoofed through a call of many (multicall)",
        test="test_rights.py::test_one_collection_of_many_is_carried_out_by_the_book_alone",
        source="LoanBook.sol",
        contract="LoanBook",
        edits=(("if (msg.sender != address(this)) revert OnlySelf(msg.sender);", ""),),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="an expired attestation counts as valid (EAS)",
        test="test_rights.py::test_an_expired_attestation_does_not_count",
        source="FurnishedCredit.sol",
        contract="CreditRegistry",
        edits=(
            (
                "if (furnished.expiresAt < block.timestamp) revert ExpiredAttestation(uid, furnished.expiresAt);",
                "",
            ),
        ),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="a revoked attestation counts as valid (EAS)",
        test="test_rights.py::test_a_revoked_attestation_does_not_count",
        source="FurnishedCredit.sol",
        contract="CreditRegistry",
        edits=(("if (furnished.revoked) revert RevokedAttestation(uid);", ""),),
        seen=DID_NOT_RAISE,
    ),
    Break(
        bug="f + 1 signatures let two reports be true at once",
        test="test_rights.py::test_two_quorums_share_an_honest_signer",
        source="CreditPolicy.sol",
        contract="CreditRegistry",
        edits=(("3 * quorum <= 2 * newSigners.length", "3 * quorum <= newSigners.length"),),
        seen=DID_NOT_RAISE,
    ),
)
