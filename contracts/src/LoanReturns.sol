// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanReturns} from "./interfaces/ILoanReturns.sol";
import {ILoanServicing} from "./interfaces/ILoanServicing.sol";
import {ClockLib} from "./libraries/ClockLib.sol";
import {LoanPacking} from "./libraries/LoanPacking.sol";
import {PaymentLib, Split} from "./libraries/PaymentLib.sol";
import {ReturnPacking} from "./libraries/ReturnPacking.sol";
import {Cursor} from "./libraries/ScheduleLib.sol";
import {Reckoning, SettlementLib} from "./libraries/SettlementLib.sol";
import {SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Case, LoanActs} from "./LoanActs.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement, Cancellation, TableRow} from "./Types.sol";

/// @title Payments by bank entry, and what is taken back
/// @notice Documented in ILoanReturns. A module of LoanBook.
contract LoanReturns is ILoanReturns, LoanActs {
    using LoanPacking for *;
    using ReturnPacking for uint256;

    /// @notice How many days a bank's value day may lie back.
    uint256 public constant MAX_VALUE_DAYS = 5;
    /// @notice How many days after its value day a bank may take a payment back.
    uint256 public constant MAX_RETURN_DAYS = 400;
    /// @notice How many days after the latest origination day a bank may say that it rejected the payout.
    uint256 public constant MAX_UNWIND_DAYS = 30;

    /// @notice The next module.
    address public immutable WORKOUT;

    /// @param neighbours whom it works with
    /// @param workout the next module
    constructor(Neighbours memory neighbours, address workout) LoanStorage(neighbours) {
        WORKOUT = workout;
    }

    /// @notice Everything that is not about bank entries or taken back.
    fallback() external {
        _delegate(WORKOUT);
    }

    /// @inheritdoc ILoanReturns
    function repayValued(
        bytes32 loanId,
        uint256 amountMinor,
        uint256 valueDay,
        bytes32 entry
    ) external restricted nonReentrant {
        _repayValued(_hold(loanId), amountMinor, valueDay, entry);
    }

    /// @inheritdoc ILoanReturns
    function repayValued(
        bytes32 loanId,
        uint256 amountMinor,
        uint256 valueDay,
        bytes32 entry,
        TableRow[] calldata rows
    ) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _repayValued(k, amountMinor, valueDay, entry);
    }

    /// @inheritdoc ILoanReturns
    function returnPayment(bytes32 loanId, bytes32 entry) external restricted nonReentrant {
        _returnPayment(_read(loanId), entry);
    }

    /// @inheritdoc ILoanReturns
    function returnPayment(
        bytes32 loanId,
        bytes32 entry,
        uint256[] calldata rows
    ) external restricted nonReentrant {
        Case memory k = _read(loanId);
        _bring(k, rows);
        _returnPayment(k, entry);
    }

    /// @inheritdoc ILoanReturns
    function cancelBySignature(
        Cancellation calldata cancellation,
        Agreement calldata agreement,
        bytes calldata signer,
        bytes calldata signature
    ) external nonReentrant {
        _cancel(_hold(cancellation.loan), cancellation, agreement, signer, signature);
    }

    /// @inheritdoc ILoanReturns
    function cancelBySignature(
        Cancellation calldata cancellation,
        Agreement calldata agreement,
        bytes calldata signer,
        bytes calldata signature,
        uint256[] calldata rows
    ) external nonReentrant {
        Case memory k = _hold(cancellation.loan);
        _bring(k, rows);
        _cancel(k, cancellation, agreement, signer, signature);
    }

    /// @inheritdoc ILoanReturns
    function unwind(
        bytes32 loanId,
        Agreement calldata agreement,
        bytes32 entry
    ) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        _requireAsAgreed(k, agreement);
        if (k.s.row | k.s.paidRow != 0) revert LoanAlreadyPaid(loanId, k.s.row, k.s.paidRow);
        _requireUnwindDay(k, agreement);
        uint256 paidOut = agreement.principalMinor - agreement.upfrontFeeMinor;
        _useRejected(k, entry, paidOut);
        emit LoanUnwound(loanId, paidOut, entry);
        k.lender = _reduceOutstanding(k.t.facilityId(), k.s.balance);
        _conclude(k, SpecialPacking.UNWOUND);
        _release(k);
        CASH.bookTransfer(k.t.borrower(), k.lender, paidOut);
    }

    /// @dev From the caller's own cash, as of the bank's value day. How it is split is kept until it can no longer be
    /// returned, and after.
    function _repayValued(Case memory k, uint256 amountMinor, uint256 valueDay, bytes32 entry) private {
        _requireValueDay(k, valueDay);
        bytes32 key = ReturnPacking.keyOf(k.loan, entry);
        if (_returnable[key] != 0) revert EntryUsed(k.loan, entry);
        _stand(k, valueDay);
        (Split memory p, uint256 carried, uint256 lenders) = _applyPayment(k, msg.sender, amountMinor);
        emit PaymentValued(k.loan, entry, carried, valueDay);
        _returnable[key] = ReturnPacking.pack(p, carried, valueDay, k.x.amendments);
        _finishPayment(k, msg.sender, amountMinor, p.principal, lenders);
    }

    /// @dev What the payment paid is due again, from wherever the loan stands now; the days until now bear no charge.
    function _returnPayment(Case memory k, bytes32 entry) private {
        if (k.s.status == 0 || k.x.kind == SpecialPacking.UNWOUND) _refuse(k);
        uint256 word = _takeReturnable(k, entry);
        bool hasEnded = k.s.status == ENDED;
        uint8 outcome = _outcome(k);
        uint256 borneDay = _borneDay(k);
        (uint256 interest, uint256 principal) = _stepBack(k, word.rows());
        _owe(k, word);
        _skipDays(k, borneDay);
        if (hasEnded) _reopen(k);
        _lendAgain(k, principal);
        emit PaymentReturned(
            k.loan,
            entry,
            word.lateFee(),
            word.penalty(),
            word.carried() + interest,
            principal,
            k.day
        );
        uint256 before = k.s.bucket;
        uint256 daysLate = _rebucket(k, false);
        _store(k);
        _noteBucket(k.loan, k.t, before, k.s.bucket, daysLate);
        if (hasEnded) CREDIT.restore(k.t.borrower(), uint64(k.t.principal() - k.x.unreserved), outcome);
        uint256 amount = word.lateFee() + word.penalty() + word.carried() + word.rows();
        CASH.bookTransfer(k.lender, msg.sender, amount);
    }

    /// @dev The kept split of a payment that can be returned today; it cannot be again.
    function _takeReturnable(Case memory k, bytes32 entry) private returns (uint256 word) {
        bytes32 key = ReturnPacking.keyOf(k.loan, entry);
        word = _returnable[key];
        if (!word.isOpen()) revert NothingToReturn(k.loan, entry);
        if (word.amendments() != k.x.amendments) revert ReturnAfterAmendment(k.loan, entry);
        uint256 today = _today(k.t);
        uint256 lastDay = word.valueDay() + MAX_RETURN_DAYS;
        if (today > lastDay) revert ReturnTooLate(k.loan, today, lastDay);
        _returnable[key] = word.asReturned();
    }

    /// @dev Moves the loan's position in its rows back by so much, and stands there today.
    /// @return interest of what is due again
    /// @return principal of it
    function _stepBack(
        Case memory k,
        uint256 rowsMinor
    ) private view returns (uint256 interest, uint256 principal) {
        Reckoning memory r = SettlementLib.reckon(k.t, k.s, 0);
        (Cursor memory c, uint256 paidRow, uint256 paidInterest) = SettlementLib.seek(
            k.t,
            r.paidRows - rowsMinor
        );
        interest = r.paidInterest - paidInterest;
        principal = rowsMinor - interest;
        k.s.row = c.row;
        k.s.balance = c.balance;
        k.s.paidRow = paidRow;
        _stand(k, _today(k.t));
    }

    /// @dev Charges and carried interest that were paid are due again.
    function _owe(Case memory k, uint256 word) private pure {
        k.s.feeDue = SettlementLib.least(k.s.feeDue + word.lateFee(), PaymentLib.CHARGE_END);
        k.s.penaltyDue = SettlementLib.least(k.s.penaltyDue + word.penalty(), PaymentLib.CHARGE_END);
        k.x.carriedInterest += word.carried();
    }

    /// @dev Until when rows that are not paid have borne their late fee; 0 if none of them has.
    function _borneDay(Case memory k) private view returns (uint256 day) {
        _stand(k, _today(k.t));
        day = ClockLib.borne(k.clock, k.s.accruedDay, k.t.grace());
        if (k.c.dueDay == 0 || day < k.c.dueDay) day = 0;
    }

    /// @dev The days until now bear no charge: of the rows that are due again, those past their grace bear no late fee
    /// any more.
    function _skipDays(Case memory k, uint256 borneDay) private pure {
        k.s.accruedDay = k.day;
        uint256 last = ClockLib.lastLate(k.clock.stops, k.day, k.t.grace(), true);
        k.clock.noted = ClockLib.note(last < borneDay ? borneDay : last, k.day);
    }

    function _reopen(Case memory k) private pure {
        k.s.status = SPECIAL; // until it is stored
        k.x.kind = SpecialPacking.ACTIVE;
    }

    /// @dev The lender bears it alone; what it had counted as recovered of a loan that is written off is lost again.
    function _lendAgain(Case memory k, uint256 principal) private {
        Facility storage facility = _facilities[k.t.facilityId()];
        k.lender = facility.lender;
        if (k.x.kind == SpecialPacking.WRITTEN_OFF) {
            k.x.writtenOff += principal;
            _losses[k.lender].lost += uint64(principal);
            return;
        }
        uint256 line = facility.line;
        _within("outstandingMinor", (line & U44) + principal, 0, U44);
        facility.line = uint96(line + principal);
    }

    /// @dev The borrower withdraws: what was paid out and the interest of the days, no charge.
    function _cancel(
        Case memory k,
        Cancellation calldata cancellation,
        Agreement calldata agreement,
        bytes calldata signer,
        bytes calldata signature
    ) private {
        _requireBefore(cancellation.deadline);
        _requireAsAgreed(k, agreement);
        uint256 today = _requireCoolingOff(k, agreement);
        PaymentLib.useNonce(k.s, k.loan, cancellation.nonce);
        _requireBorrower(k, TypedDataLib.hash(cancellation), signer, signature);
        _stand(k, today);
        k.isLate = false; // what never was leaves no history
        Reckoning memory r = SettlementLib.reckon(k.t, k.s, today);
        uint256 owed = agreement.principalMinor - agreement.upfrontFeeMinor + r.earned;
        owed -= SettlementLib.least(owed, r.paidRows);
        if (owed > cancellation.maxAmountMinor) {
            revert ILoanServicing.PayoffTooHigh(k.loan, owed, cancellation.maxAmountMinor);
        }
        address borrower = k.t.borrower();
        emit LoanCancelled(k.loan, borrower, owed, r.earned, today);
        uint256 toFund = _endPrincipal(k, owed);
        _conclude(k, SpecialPacking.CANCELLED);
        _release(k);
        _transfer(k, borrower, owed, toFund);
    }

    /// @dev The rejected payout is this borrower's, large enough, and undoes one loan only.
    function _useRejected(Case memory k, bytes32 entry, uint256 paidOut) private {
        (address subject, uint256 rejected) = CASH.rejectedRedemption(entry);
        address borrower = k.t.borrower();
        if (subject != borrower) revert RejectedForAnother(entry, subject, borrower);
        if (rejected < paidOut) revert PaidOutMore(k.loan, paidOut, rejected);
        if (_unwound[entry]) revert EntryUnwound(entry);
        _unwound[entry] = true;
    }

    /// @dev The loan still is what this agreement says, and goes on as it should.
    function _requireAsAgreed(Case memory k, Agreement calldata agreement) private view {
        if (k.x.kind != SpecialPacking.ACTIVE) _refuse(k);
        if (k.x.amendments != 0) revert LoanAlreadyAmended(k.loan, k.x.amendments);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(agreement));
        if (digest != k.loan) revert AgreementMismatch(k.loan, digest);
    }

    function _requireCoolingOff(
        Case memory k,
        Agreement calldata agreement
    ) private view returns (uint256 today) {
        today = _today(k.t);
        uint256 lastDay = agreement.latestOriginationDay + agreement.coolingOffDays;
        if (agreement.coolingOffDays == 0 || today > lastDay) revert CoolingOffOver(k.loan, today, lastDay);
    }

    function _requireUnwindDay(Case memory k, Agreement calldata agreement) private view {
        uint256 today = _today(k.t);
        uint256 lastDay = agreement.latestOriginationDay + MAX_UNWIND_DAYS;
        if (today > lastDay) revert UnwindTooLate(k.loan, today, lastDay);
    }

    /// @dev Not before what was paid or agreed last, so that nothing is charged twice.
    function _requireValueDay(Case memory k, uint256 valueDay) private view {
        uint256 today = _today(k.t);
        uint256 first = today - SettlementLib.least(today, MAX_VALUE_DAYS);
        if (first < k.s.accruedDay) first = k.s.accruedDay;
        if (valueDay < first || valueDay > today) {
            revert ValueDayOutOfRange(k.loan, valueDay, first, today);
        }
    }
}
