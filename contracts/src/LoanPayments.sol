// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {Clock, ClockLib} from "./libraries/ClockLib.sol";
import {Fixed, LoanPacking, Rolling} from "./libraries/LoanPacking.sol";
import {PaymentLib, Split} from "./libraries/PaymentLib.sol";
import {Cursor, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {LoanStorage} from "./LoanStorage.sol";

/// @title A payment on a loan of the ordinary path
/// @notice Shared by LoanBook and the module that books payments on another day.
abstract contract LoanPayments is LoanStorage {
    using LoanPacking for *;

    /// @dev How a loan ended, as CreditRegistry counts it.
    uint8 internal constant ON_TIME = 0;
    uint8 internal constant CURED = 1;

    /// @dev By a payer, on the day it is.
    function _payToday(
        bytes32 loanId,
        Rolling memory s,
        Fixed memory t,
        address payer,
        uint256 amountMinor
    ) internal {
        if (amountMinor == 0) revert ILoanBook.ZeroPayment(loanId);
        uint256 today = _today(t);
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        Clock memory clock = _lateClock(loanId, t, c, today);
        PaymentLib.accrue(t, s, c, today, clock);
        _pay(loanId, s, t, c, payer, amountMinor, today, clock);
    }

    /// @dev Everything due by today from the borrower's cash, if it is no more than so much.
    function _payDue(bytes32 loanId, Rolling memory s, Fixed memory t, uint256 most, uint256 today) internal {
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        Clock memory clock = _lateClock(loanId, t, c, today);
        PaymentLib.accrue(t, s, c, today, clock);
        uint256 due = PaymentLib.dueBy(t, s, c, today);
        if (due == 0) revert ILoanBook.NothingDue(loanId, today);
        if (due > most) revert ILoanBook.MandateExceeded(loanId, due, most);
        _pay(loanId, s, t, c, t.borrower(), due, today, clock);
    }

    /// @dev When clocks stood still, which matters only to a loan past its grace.
    function _lateClock(
        bytes32 loanId,
        Fixed memory t,
        Cursor memory c,
        uint256 today
    ) internal view returns (Clock memory clock) {
        unchecked {
            if (c.dueDay != 0 && today > c.dueDay + t.grace()) return _clockSince(loanId, t, c.dueDay);
        }
    }

    /// @dev Apply, update, emit, transfer; charges are accrued. A frozen lender is paid like any other.
    function _pay(
        bytes32 loanId,
        Rolling memory s,
        Fixed memory t,
        Cursor memory c,
        address payer,
        uint256 amountMinor,
        uint256 day,
        Clock memory clock
    ) private {
        bool isLate = ClockLib.late(clock.stops, c.dueDay, day) > t.grace() && c.dueDay != 0;
        (Split memory p, uint256 left) = PaymentLib.apply_(t, s, c, amountMinor);
        if (left != 0) revert ILoanBook.Overpayment(loanId, amountMinor, amountMinor - left);
        bool closed = PaymentLib.settled(t, s);
        if (closed) s.status = ENDED;
        uint256 before = s.bucket;
        uint256 daysLate;
        (s.bucket, daysLate) = PaymentLib.arrears(t, s, c, day, clock);
        if (s.bucket == 0 && (isLate || before != 0)) s.bucket = WAS_LATE;
        _loans[loanId].rolling = s.pack();
        _noteFees(loanId, clock);
        address lender = _reduceOutstanding(t.facilityId(), p.principal);
        emit ILoanBook.PaymentApplied(
            loanId,
            payer,
            amountMinor,
            p.lateFee,
            p.penalty,
            p.interest,
            p.principal,
            day
        );
        _noteBucket(loanId, t, before, s.bucket, daysLate);
        if (closed) {
            emit ILoanBook.LoanClosed(loanId, day);
            CREDIT.release(t.borrower(), uint64(t.principal()), s.bucket == 0 ? ON_TIME : CURED);
        }
        CASH.bookTransfer(payer, lender, amountMinor);
    }

    /// @dev Says that the bucket changed; the history takes note when it is worse than before.
    function _noteBucket(
        bytes32 loanId,
        Fixed memory t,
        uint256 before,
        uint256 bucket,
        uint256 daysLate
    ) internal {
        if (bucket == before) return;
        uint256 was = before == WAS_LATE ? 0 : before;
        uint256 now_ = bucket == WAS_LATE ? 0 : bucket;
        if (now_ != was) emit ILoanBook.ArrearsChanged(loanId, now_, daysLate);
        if (now_ > was) CREDIT.noteArrears(t.borrower(), before, bucket);
    }
}
