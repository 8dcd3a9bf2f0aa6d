"""A loan by a table through its life: every payment brings the rows that it needs, and proves them."""

from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.clients import TableRow
from contracts.schedule import Method, Row, schedule_root
from contracts.typed_data import Agreement, digest
from scripts.workbench.system import FIRST_DAY, Draft, System, proven
from tests.contracts.conftest import Refused

GRACE = 3
LATE_FEE = 2_000
PENALTY_PPM = 180_000
ROWS = [(10, 100_000, 1_000), (40, 0, 5_000), (75, 300_000, 7_000), (90, 200_000, 0), (130, 400_000, 6_000)]
TABLE = [Row(nr, FIRST_DAY + day, principal, interest) for nr, (day, principal, interest) in enumerate(ROWS, 1)]
TOTALS = [row.due_minor for row in TABLE]
DRAFT = Draft(
    periods=len(TABLE),
    first_due_day=TABLE[0].due_day,
    anchor_day=0,
    method=Method.CUSTOM,
    period_length=0,
    grace_days=GRACE,
    late_fee_minor=LATE_FEE,
    penalty_rate_ppm=PENALTY_PPM,
)
OTHER = [Row(row.nr, row.due_day, row.principal_minor, row.interest_minor // 2) for row in TABLE]


@pytest.fixture
def loan(system: System) -> bytes:
    return system.lend(terms=DRAFT, table=TABLE)


def _penalty(unpaid: int, days: int) -> int:
    return (unpaid * PENALTY_PPM * days * 2 + 365_000_000) // (2 * 365_000_000)


def _repay(system: System, loan: bytes, amount: int, *rows: int) -> dict[str, Any]:
    return _send(system, loan, amount, proven(TABLE, *rows))


def _send(system: System, loan: bytes, amount: int, rows: list[TableRow]) -> dict[str, Any]:
    """Events of a payment from the borrower's own account."""
    receipt = system.send("LoanBook", "repay", loan, amount, rows, sender=system.person().subject)
    return dict(system.events(receipt))


def _view(system: System, loan: bytes, *rows: int) -> dict[str, Any]:
    return system.loan(loan, proven(TABLE, *rows))


def _owed(system: System, loan: bytes, day: int) -> dict[str, int]:
    owed: dict[str, int] = system.read("LoanBook", "owed", loan, FIRST_DAY + day, [row.word for row in TABLE])
    return owed


def _at(system: System, day: int) -> None:
    system.at_day(FIRST_DAY + day)


def test_it_begins_with_its_rows_on_the_ledger(system: System) -> None:
    person = system.person()
    system.publish(person.subject)
    agreement = system.agreement(person, DRAFT, TABLE)
    events = system.events(system.originate(person, agreement, TABLE))
    loan = digest(agreement, system.domain("LoanBook"))
    names = [name for name, _ in events if name != "Transfer"]
    assert names == ["ScheduleTable", "LoanOriginated"]
    assert events[0][1] == {"loan": loan, "rows": [row.word for row in TABLE]}
    assert agreement.schedule_root == schedule_root(Method.CUSTOM, TABLE)
    view = _view(system, loan, 0)
    assert (view["status"], view["row"], view["balance_minor"]) == (1, 0, 1_000_000)
    assert (view["periods"], view["next_due_day"]) == (5, FIRST_DAY + 10)
    assert system.cash(person.subject) == 990_000


def test_every_row_on_its_day_needs_that_row_only(system: System, loan: bytes) -> None:
    for nr, row in enumerate(TABLE):
        system.at_day(row.due_day)
        events = _repay(system, loan, row.due_minor, nr)
        paid = events["PaymentApplied"]
        assert (paid["interest_minor"], paid["principal_minor"]) == (row.interest_minor, row.principal_minor)
        assert (paid["late_fee_minor"], paid["penalty_minor"]) == (0, 0)
    assert "LoanClosed" in events
    view = system.loan(loan)
    assert (view["status"], view["row"], view["balance_minor"], view["next_due_day"]) == (2, 5, 0, 0)
    assert system.read("LoanBook", "exposure", system.person().subject) == {"open_loans": 0, "reserved_minor": 0}


def test_early_and_in_parts(system: System, loan: bytes) -> None:
    assert _repay(system, loan, 600, 0)["PaymentApplied"]["interest_minor"] == 600
    paid = _repay(system, loan, 900, 0)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (400, 500)
    view = _view(system, loan, 0)
    assert (view["paid_row_minor"], view["outstanding_principal_minor"]) == (1_500, 999_500)
    _repay(system, loan, TOTALS[0] - 1_500, 0)
    view = _view(system, loan, 1)
    assert (view["row"], view["balance_minor"], view["next_due_day"]) == (1, 900_000, FIRST_DAY + 40)


def test_several_rows_at_once(system: System, loan: bytes) -> None:
    paid = _repay(system, loan, sum(TOTALS[:3]) + 10, 0, 1, 2, 3)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (13_000, 400_010)
    view = _view(system, loan, 3)
    assert (view["row"], view["paid_row_minor"], view["outstanding_principal_minor"]) == (3, 10, 599_990)


def test_everything_at_once(system: System, loan: bytes, refused: Refused) -> None:
    total = sum(TOTALS)
    assert _owed(system, loan, 0) == {"total_minor": total, "overdue_minor": 0, "current_due_minor": TOTALS[0]}
    with refused("Overpayment", amount_minor=total + 1, owed_minor=total):
        _repay(system, loan, total + 1, 0, 1, 2, 3, 4)
    assert "LoanClosed" in _repay(system, loan, total, 0, 1, 2, 3, 4)


def test_within_the_grace_it_costs_nothing_but_shows_the_next_row(
    system: System, loan: bytes, refused: Refused
) -> None:
    _at(system, 10 + GRACE)
    with refused("RowMissing", row=1):
        _repay(system, loan, TOTALS[0], 0)
    paid = _repay(system, loan, TOTALS[0], 0, 1)["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (0, 0)
    assert _view(system, loan, 1)["bucket"] == 0


def test_late_by_one_row(system: System, loan: bytes, refused: Refused) -> None:
    days = GRACE + 1
    _at(system, 10 + days)
    charges = LATE_FEE + _penalty(TOTALS[0], days)
    assert _owed(system, loan, 10 + days)["overdue_minor"] == TOTALS[0] + charges
    with refused("RowMissing", row=1):
        _repay(system, loan, TOTALS[0] + charges, 0)
    paid = _repay(system, loan, TOTALS[0] + charges, 0, 1)["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (LATE_FEE, charges - LATE_FEE)
    view = _view(system, loan, 1)
    assert (view["row"], view["bucket"], view["late_fee_due_minor"], view["penalty_due_minor"]) == (1, 0, 0, 0)


def test_late_by_several_rows_each_is_charged_once(system: System, loan: bytes, refused: Refused) -> None:
    day = 80
    _at(system, day)
    penalties = sum(_penalty(TOTALS[nr], day - ROWS[nr][0]) for nr in range(3))
    overdue = sum(TOTALS[:3]) + 3 * LATE_FEE + penalties
    owed = _owed(system, loan, day)
    assert owed == {
        "total_minor": sum(TOTALS) + 3 * LATE_FEE + penalties,
        "overdue_minor": overdue,
        "current_due_minor": TOTALS[3],
    }
    for brought in range(1, 4):
        with refused("RowMissing", row=brought):
            _repay(system, loan, 100, *range(brought))
    events = _repay(system, loan, 100, 0, 1, 2, 3)
    assert events["PaymentApplied"]["late_fee_minor"] == 100
    assert events["ArrearsChanged"] == {"loan": loan, "bucket": 3, "days_past_due": 70}
    events = _repay(system, loan, overdue - 100, 0, 1, 2, 3)
    assert events["ArrearsChanged"] == {"loan": loan, "bucket": 0, "days_past_due": 0}
    assert _owed(system, loan, day)["overdue_minor"] == 0


def test_arrears_are_recorded_with_the_row_that_shows_them(system: System, loan: bytes, refused: Refused) -> None:
    _at(system, 50)
    with refused("RowMissing", row=0):
        system.send("LoanBook", "recordArrears", loan)
    receipt = system.send("LoanBook", "recordArrears", loan, proven(TABLE, 0))
    assert dict(system.events(receipt))["ArrearsChanged"] == {"loan": loan, "bucket": 2, "days_past_due": 40}
    with refused("ArrearsUnchanged", bucket=2):
        system.send("LoanBook", "recordArrears", loan, proven(TABLE, 0))


def test_touching_it_changes_nothing(system: System, loan: bytes) -> None:
    untouched = _owed(system, loan, 100)
    _at(system, 20)
    system.send("LoanBook", "recordArrears", loan, proven(TABLE, 0, 1))
    _at(system, 70)
    system.send("LoanBook", "recordArrears", loan, proven(TABLE, 0, 1, 2))
    assert _owed(system, loan, 100) == untouched


def test_the_last_row_late_needs_no_row_after_it(system: System, loan: bytes) -> None:
    _repay(system, loan, sum(TOTALS[:4]), 0, 1, 2, 3)
    days = 365
    _at(system, 130 + days)
    charges = LATE_FEE + _penalty(TOTALS[4], 90)
    assert "LoanClosed" in _repay(system, loan, TOTALS[4] + charges, 4)


def test_charges_alone_need_no_row(system: System) -> None:
    loan = system.lend(terms=replace(DRAFT, waterfall=0x3412), table=TABLE)
    _repay(system, loan, sum(TOTALS[:4]), 0, 1, 2, 3)
    _at(system, 150)
    charges = LATE_FEE + _penalty(TOTALS[4], 20)
    assert "LoanClosed" not in _repay(system, loan, TOTALS[4], 4)
    view = system.loan(loan)
    assert (view["status"], view["row"], view["next_due_day"]) == (1, 5, 0)
    assert system.read("LoanBook", "owed", loan, FIRST_DAY + 150)["total_minor"] == charges
    receipt = system.send("LoanBook", "repay", loan, charges, sender=system.person().subject)
    assert "LoanClosed" in dict(system.events(receipt))


def test_the_borrower_pays_by_signature(system: System, loan: bytes, refused: Refused) -> None:
    with refused("RowMissing", row=0):
        system.pay(loan, TOTALS[0], 0)
    system.pay(loan, TOTALS[0], 0, rows=proven(TABLE, 0))
    with refused("NonceUsed", nonce=0):
        system.pay(loan, TOTALS[1], 0, rows=proven(TABLE, 1))
    system.pay(loan, TOTALS[1], 1, rows=proven(TABLE, 1))
    assert _view(system, loan, 2)["row"] == 2


def test_the_short_forms_do_not_know_the_row(system: System, loan: bytes, refused: Refused) -> None:
    with refused("RowMissing", row=0):
        system.send("LoanBook", "repay", loan, 1, sender=system.person().subject)
    with refused("RowMissing", row=0):
        system.loan(loan)
    with refused("RowMissing", row=0):
        system.read("LoanBook", "owed", loan, FIRST_DAY)
    with refused("RowMissing", row=0):
        _repay(system, loan, 1)


@pytest.mark.parametrize("brought", [(1,), (1, 2), (0, 2), (0, 1, 1)])
def test_a_row_in_the_place_of_another_is_refused(
    system: System, loan: bytes, refused: Refused, brought: tuple[int, ...]
) -> None:
    wrong = next(place for place, row in enumerate(brought) if row != place)
    with refused("RowProofInvalid", row=wrong):
        _repay(system, loan, 1, *brought)


def test_another_word_or_another_proof_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    [row] = proven(TABLE, 0)
    spoiled = [
        row._replace(word=row.word - 1),
        row._replace(word=row.word + (1 << 224)),
        row._replace(proof=()),
        row._replace(proof=row.proof[:-1]),
        row._replace(proof=row.proof[::-1]),
        row._replace(proof=(*row.proof, bytes(32))),
        row._replace(proof=(keccak(row.proof[0]), *row.proof[1:])),
    ]
    for wrong in spoiled:
        with refused("RowProofInvalid", row=0):
            _send(system, loan, 1, [wrong])


def test_an_inner_node_is_no_row(system: System, loan: bytes, refused: Refused) -> None:
    """The pair below a node, shown as row number and word."""
    [first], [second] = proven(TABLE, 0), proven(TABLE, 1)
    low, high = sorted((first.proof[0], second.proof[0]))
    with refused("RowProofInvalid", row=0):
        _send(system, loan, 1, [TableRow(int.from_bytes(high), first.proof[1:])])
    assert int.from_bytes(low) > 480


def test_a_row_of_another_loan_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    other = system.lend(2, terms=DRAFT, table=OTHER)
    with refused("RowProofInvalid", row=0):
        _repay(system, other, 1, 0)
    _send(system, other, 1, proven(OTHER, 0))
    with refused("RowProofInvalid", row=0):
        _send(system, loan, 1, proven(OTHER, 0))


def test_rows_beyond_the_table_do_not_exist(system: System, loan: bytes, refused: Refused) -> None:
    _repay(system, loan, sum(TOTALS[:4]), 0, 1, 2, 3)
    with refused("RowProofInvalid", row=5):
        _send(system, loan, 1, [*proven(TABLE, 4), TableRow(TABLE[4].word, ())])


def test_more_rows_than_needed_do_no_harm(system: System, loan: bytes) -> None:
    assert _repay(system, loan, 5, 0, 1, 2, 3, 4)["PaymentApplied"]["interest_minor"] == 5


def test_what_is_owed_is_told_of_the_whole_table_only(system: System, loan: bytes, refused: Refused) -> None:
    with refused("RowCountMismatch", rows=4, periods=5):
        system.read("LoanBook", "owed", loan, FIRST_DAY, [row.word for row in TABLE[:4]])
    with refused("ScheduleRootMismatch", signed=schedule_root(Method.CUSTOM, TABLE)):
        system.read("LoanBook", "owed", loan, FIRST_DAY, [row.word for row in OTHER])


def test_a_loan_by_a_formula_takes_no_rows(system: System, refused: Refused) -> None:
    loan = system.lend()
    with refused("UnsupportedMethod", method=0):
        _repay(system, loan, 1, 0)
    with refused("UnsupportedMethod", method=0):
        system.loan(loan, proven(TABLE, 0))
    with refused("UnsupportedMethod", method=0):
        _owed(system, loan, 0)
    with refused("UnsupportedMethod", method=0):
        system.send("LoanBook", "recordArrears", loan, proven(TABLE, 0))
    with refused("UnsupportedMethod", method=0):
        system.pay(loan, 1, 0, rows=proven(TABLE, 0))


def test_an_unknown_loan_shows_nothing(system: System) -> None:
    assert _view(system, bytes(32), 0)["status"] == 0


def _signed(system: System, **changes: Any) -> Agreement:
    person = system.person()
    system.publish(person.subject)
    return replace(system.agreement(person, DRAFT, TABLE), **changes)


def test_the_table_comes_with_the_agreement(system: System, refused: Refused) -> None:
    agreement = _signed(system)
    with refused("RowCountMismatch", rows=0, periods=5):
        system.originate(system.person(), agreement)
    with refused("ScheduleRootMismatch", signed=agreement.schedule_root, derived=schedule_root(Method.CUSTOM, OTHER)):
        system.originate(system.person(), agreement, OTHER)
    formula = system.agreement(system.person())
    with refused("UnsupportedMethod", method=0):
        system.originate(system.person(), formula, TABLE)


def test_a_first_row_may_be_due_on_the_last_day_to_begin(system: System, refused: Refused) -> None:
    at_once = [replace(TABLE[0], due_day=FIRST_DAY + 1, interest_minor=0), *TABLE[1:]]
    draft = replace(DRAFT, first_due_day=FIRST_DAY + 1)
    person = system.person()
    system.publish(person.subject)
    with refused("TermOutOfRange", value=FIRST_DAY + 1, least=FIRST_DAY + 2):
        late = system.agreement(person, draft, at_once, latest_origination_day=FIRST_DAY + 2)
        system.originate(person, late, at_once)
    agreement = system.agreement(person, draft, at_once, latest_origination_day=FIRST_DAY + 1)
    _at(system, 1)
    system.originate(person, agreement, at_once)
    loan = digest(agreement, system.domain("LoanBook"))
    _send(system, loan, 100_000, proven(at_once, 0))
    assert system.loan(loan, proven(at_once, 1))["row"] == 1
