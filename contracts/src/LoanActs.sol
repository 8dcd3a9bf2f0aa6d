// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanServicing} from "./interfaces/ILoanServicing.sol";
import {ILoanWorkout} from "./interfaces/ILoanWorkout.sol";
import {IRecoveries} from "./interfaces/IRecoveries.sol";
import {Clock, ClockLib} from "./libraries/ClockLib.sol";
import {Fixed, LoanPacking, Rolling} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {PaymentLib, Split} from "./libraries/PaymentLib.sol";
import {Cursor, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {SettlementLib} from "./libraries/SettlementLib.sol";
import {Special, SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {LoanPayments} from "./LoanPayments.sol";
import {InvalidSignature, TableRow} from "./Types.sol";

/// @notice A loan in hand while an act is carried out on it.
struct Case {
    bytes32 loan;
    Rolling s;
    Fixed t;
    Special x;
    Cursor c; // stands at the open row
    uint256 day; // of the act
    Clock clock; // since the open row's due day
    bool isLate; // that row, past its grace
    address lender; // once its facility is touched
}

/// @title What acts off the ordinary path share
/// @notice Each has one shape: hold the loan, require, accrue, convert, store, emit, transfer. Nothing is called before
/// all is stored but what only looks.
abstract contract LoanActs is LoanPayments {
    using LoanPacking for *;
    using SpecialPacking for Special;

    /// @dev A loan that was cancelled or unwound leaves no history.
    uint8 internal constant NO_HISTORY = 2;

    function _read(bytes32 loanId) internal view returns (Case memory k) {
        k.loan = loanId;
        _load(loanId, k.s, k.t);
        k.x = SpecialPacking.unpack(_specials[loanId]);
    }

    /// @dev A loan that runs.
    function _hold(bytes32 loanId) internal view returns (Case memory k) {
        k = _read(loanId);
        if (k.s.status & ORDINARY == 0) _refuse(k);
    }

    /// @dev The whole table of a loan by a table.
    function _bring(Case memory k, uint256[] calldata rows) internal view {
        TableLib.open(k.t, rows, _tables[k.loan]);
    }

    /// @dev The open row of a loan by a table and those after it, or the whole table.
    function _bring(Case memory k, TableRow[] calldata rows) internal view {
        TableLib.prove(k.t, k.s.row, rows, _tables[k.loan]);
    }

    /// @dev The act is of this day: the walk stands at the open row.
    function _stand(Case memory k, uint256 day) internal view {
        k.day = day;
        k.c = ScheduleLib.at(k.t, k.s.row, k.s.balance);
        k.clock = _lateClock(k.loan, k.t, k.c, day);
        k.isLate = k.c.dueDay != 0 && ClockLib.late(k.clock.stops, k.c.dueDay, day) > k.t.grace();
    }

    /// @dev As far as what is outstanding needs the open row: of a table loan with a special word its interest is kept.
    function _look(Case memory k) internal view {
        if (k.s.status == SPECIAL && MethodLib.isTable(k.t.method())) k.c.interest = _openInterests[k.loan];
        else k.c = ScheduleLib.at(k.t, k.s.row, k.s.balance);
    }

    /// @dev A loan that is written off is charged no more.
    function _accrue(Case memory k) internal pure {
        if (k.x.kind != SpecialPacking.WRITTEN_OFF) {
            PaymentLib.accrue(k.t, k.s, k.c, k.day, k.clock);
        } else if (k.day > k.s.accruedDay) {
            k.s.accruedDay = SettlementLib.least(k.day, PaymentLib.LAST_DAY);
        }
    }

    /// @dev A payment of the day of the case.
    function _payCase(Case memory k, address payer, uint256 amountMinor) internal {
        (Split memory p, , uint256 lenders) = _applyPayment(k, payer, amountMinor);
        _finishPayment(k, payer, amountMinor, p.principal, lenders);
    }

    /// @dev Accrues charges, splits a payment and tells; nothing is stored yet.
    /// @return p how it was split
    /// @return carried of the interest, that from before an amendment
    /// @return lenders principal that the lender had outstanding before
    function _applyPayment(
        Case memory k,
        address payer,
        uint256 amountMinor
    ) internal returns (Split memory p, uint256 carried, uint256 lenders) {
        if (amountMinor == 0) revert ILoanBook.ZeroPayment(k.loan);
        _accrue(k);
        lenders = _uncovered(k);
        uint256 left;
        (p, carried, left) = SettlementLib.apply_(k.t, k.s, k.x, k.c, amountMinor);
        if (left != 0) revert ILoanBook.Overpayment(k.loan, amountMinor, amountMinor - left);
        emit ILoanBook.PaymentApplied(
            k.loan,
            payer,
            amountMinor,
            p.lateFee,
            p.penalty,
            p.interest,
            p.principal,
            k.day
        );
    }

    /// @dev Shares the principal out, stores the loan and moves the cash.
    function _finishPayment(
        Case memory k,
        address payer,
        uint256 amountMinor,
        uint256 principal,
        uint256 lenders
    ) internal {
        uint256 toFund = _sharePrincipal(k, lenders, principal);
        _capImpairment(k);
        if (PaymentLib.settled(k.t, k.s) && k.x.carriedInterest == 0) {
            _conclude(k, SpecialPacking.ACTIVE);
            _close(k);
        } else {
            _goOn(k);
        }
        _transfer(k, payer, amountMinor, toFund);
    }

    /// @dev Principal paid goes to the lender until nothing of its own is left, then to the fund that covered the loan.
    /// @param lenders principal that the lender has outstanding, unless it is written off
    function _sharePrincipal(
        Case memory k,
        uint256 lenders,
        uint256 principal
    ) private returns (uint256 toFund) {
        bool isWrittenOff = k.x.kind == SpecialPacking.WRITTEN_OFF;
        uint256 toLender = SettlementLib.least(principal, isWrittenOff ? k.x.writtenOff : lenders);
        toFund = principal - toLender;
        k.x.covered -= toFund;
        if (isWrittenOff) {
            k.x.writtenOff -= toLender;
            _recover(k, toLender);
        } else {
            k.lender = _reduceOutstanding(k.t.facilityId(), toLender);
        }
        if (isWrittenOff || toFund != 0) emit ILoanServicing.RecoveryPassed(k.loan, toLender, toFund);
    }

    /// @dev Of a loan that is written off: the lender has lost so much less.
    function _recover(Case memory k, uint256 amountMinor) internal {
        k.lender = _facilities[k.t.facilityId()].lender;
        _losses[k.lender].recovered += uint64(amountMinor);
    }

    /// @dev No more is impaired than the lender has outstanding.
    function _capImpairment(Case memory k) internal {
        if (k.x.impaired == 0) return;
        uint256 most = _uncovered(k);
        if (k.x.impaired > most) _impair(k, most);
    }

    function _impair(Case memory k, uint256 impairedMinor) internal {
        address lender = _facilities[k.t.facilityId()].lender;
        _losses[lender].impaired = uint64(_losses[lender].impaired + impairedMinor - k.x.impaired);
        k.x.impaired = impairedMinor;
        emit ILoanWorkout.ImpairmentChanged(k.loan, impairedMinor);
    }

    /// @dev The loan runs on, in the bucket of the day; a default ends once nothing is overdue.
    function _goOn(Case memory k) internal {
        uint256 before = k.s.bucket;
        uint256 daysLate = _rebucket(k, k.isLate);
        bool isCured =
            k.x.kind == SpecialPacking.DEFAULTED &&
                k.s.feeDue | k.s.penaltyDue | k.x.carriedInterest == 0 &&
                (k.c.dueDay == 0 || k.c.dueDay >= k.day);
        if (isCured) k.x.kind = SpecialPacking.ACTIVE;
        _store(k);
        _noteBucket(k.loan, k.t, before, k.s.bucket, daysLate);
        if (isCured) emit ILoanWorkout.LoanCured(k.loan);
    }

    /// @dev Once late, late for good: see WAS_LATE.
    function _rebucket(Case memory k, bool isLate) internal pure returns (uint256 daysLate) {
        uint256 before = k.s.bucket;
        (k.s.bucket, daysLate) = PaymentLib.arrears(k.t, k.s, k.c, k.day, k.clock);
        if (k.s.bucket == 0 && (isLate || before != 0)) k.s.bucket = WAS_LATE;
    }

    /// @dev The loan ends: nothing of it is left.
    function _conclude(Case memory k, uint256 kind) internal {
        Rolling memory s = k.s;
        uint256 before = s.bucket;
        if (k.x.impaired != 0) _impair(k, 0);
        k.x.kind = kind;
        k.x.carriedInterest = 0;
        k.x.covered = 0;
        k.x.writtenOff = 0;
        s.status = ENDED;
        s.row = k.t.periods();
        s.balance = 0;
        s.paidRow = 0;
        s.feeDue = 0;
        s.penaltyDue = 0;
        s.bucket = k.isLate || before != 0 ? WAS_LATE : 0;
        _store(k);
        if (before != 0 && before != WAS_LATE) emit ILoanBook.ArrearsChanged(k.loan, 0, 0);
    }

    /// @dev A loan that was paid in full: its borrower's limit is free again, and its history has one more loan.
    function _close(Case memory k) internal {
        emit ILoanBook.LoanClosed(k.loan, k.day);
        _release(k);
    }

    /// @dev All that is outstanding ends, so much of it paid: first what guarantees have paid, the lender bears the
    /// rest.
    function _endPrincipal(Case memory k, uint256 paidMinor) internal returns (uint256 toFund) {
        toFund = SettlementLib.least(k.x.covered, paidMinor);
        bool isWrittenOff = k.x.kind == SpecialPacking.WRITTEN_OFF;
        if (isWrittenOff) _recover(k, paidMinor - toFund);
        else k.lender = _reduceOutstanding(k.t.facilityId(), _uncovered(k));
        if (isWrittenOff || toFund != 0) {
            emit ILoanServicing.RecoveryPassed(k.loan, paidMinor - toFund, toFund);
        }
    }

    /// @dev Writes both words, and which path the loan's next payment takes.
    function _store(Case memory k) internal {
        if (k.s.status != ENDED) k.s.status = k.x.isOrdinary() ? ORDINARY : SPECIAL;
        _specials[k.loan] = k.x.pack();
        _loans[k.loan].rolling = k.s.pack();
        _noteFees(k.loan, k.clock);
        if (k.s.status == SPECIAL && MethodLib.isTable(k.t.method())) _openInterests[k.loan] = k.c.interest;
    }

    /// @dev Gives back what the loan takes of its borrower's limit.
    function _release(Case memory k) internal {
        CREDIT.release(k.t.borrower(), uint64(k.t.principal() - k.x.unreserved), _outcome(k));
    }

    /// @dev How an ended loan counts in its borrower's history.
    function _outcome(Case memory k) internal pure returns (uint8) {
        if (k.x.kind == SpecialPacking.CANCELLED || k.x.kind == SpecialPacking.UNWOUND) return NO_HISTORY;
        return k.s.bucket == 0 ? ON_TIME : CURED;
    }

    /// @dev Moves a payment, its part of the principal to the fund that covered the loan. A frozen lender is paid like
    /// any other.
    function _transfer(Case memory k, address payer, uint256 amountMinor, uint256 toFund) internal {
        if (amountMinor != toFund) CASH.bookTransfer(payer, k.lender, amountMinor - toFund);
        if (toFund == 0) return;
        address fund = _funds[k.loan];
        CASH.bookTransfer(payer, fund, toFund);
        IRecoveries(fund).recovered(k.loan, toFund);
    }

    function _requireBorrower(
        Case memory k,
        bytes32 structHash,
        bytes calldata signer,
        bytes calldata signature
    ) internal view {
        address borrower = k.t.borrower();
        bytes32 digest = _hashTypedDataV4(structHash);
        if (!IDENTITY.speaksFor(borrower, digest, signer, signature)) revert InvalidSignature(borrower);
    }

    function _refuse(Case memory k) internal pure {
        revert ILoanBook.LoanNotActive(k.loan, _shown(k.s.status, k.x.kind));
    }

    /// @dev Principal not paid back.
    function _outstanding(Case memory k) internal pure returns (uint256) {
        return SettlementLib.outstanding(k.s, k.c.interest);
    }

    /// @dev Principal not paid back that no guarantee has paid: what the lender has in the loan.
    function _uncovered(Case memory k) internal pure returns (uint256) {
        return _outstanding(k) - k.x.covered;
    }

    function _within(bytes32 term, uint256 value, uint256 least, uint256 most) internal pure {
        if (value < least || value > most) revert ILoanBook.TermOutOfRange(term, value, least, most);
    }
}
