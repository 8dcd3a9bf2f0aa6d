// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {Clock, ClockLib} from "./ClockLib.sol";
import {Fixed, LoanPacking, Rolling} from "./LoanPacking.sol";
import {Cursor, ScheduleLib} from "./ScheduleLib.sol";

/// @notice How a payment was split.
struct Split {
    uint256 lateFee;
    uint256 penalty;
    uint256 interest;
    uint256 principal;
}

/// @title Accrual, waterfall, arrears and nonces of a loan
/// @notice Pure: works on memory, so that views and entries share it. Its Python twin is `contracts/loan`.
/// @dev Arithmetic is unchecked: see the widths in LoanPacking; an amount beyond them never survives the walk,
/// because the walk takes at most what is owed.
library PaymentLib {
    using LoanPacking for Fixed;

    uint256 internal constant LATE_FEE = 1;
    uint256 internal constant PENALTY = 2;
    uint256 internal constant INTEREST = 3;
    uint256 internal constant PRINCIPAL = 4;

    /// @notice Orders of a borrower may arrive out of order within so many nonces.
    uint256 internal constant NONCE_WINDOW = 32;
    uint256 private constant NONCE_END = type(uint16).max;
    uint256 internal constant CHARGE_END = 2 ** 28 - 1;
    /// @dev A day in the year 2328: no loan accrues beyond it.
    uint256 internal constant LAST_DAY = 2 ** 17 - 1;

    /// @notice Adds late fees and penalties up to a day, in the state; the walk stands at the state's row.
    /// @dev A row is charged once the grace has passed, then from its due day on: its late fee once, and the penalty
    /// of the days since `accruedDay` that count, so that touching a loan more often changes nothing. A row that has
    /// borne its late fee goes on to bear penalty even where a halt, known since, brings it back within the grace.
    function accrue(
        Fixed memory t,
        Rolling memory s,
        Cursor memory start,
        uint256 day,
        Clock memory clock
    ) internal pure {
        unchecked {
            uint256 chargedUntil = s.accruedDay;
            if (day > LAST_DAY) day = LAST_DAY;
            if (day <= chargedUntil) return;
            s.accruedDay = day;
            if (s.row == t.periods() || day <= start.dueDay + t.grace()) return;
            uint256 borne = ClockLib.borne(clock, chargedUntil, t.grace());
            uint256 last = ClockLib.lastLate(clock.stops, day, t.grace(), true);
            if (last < borne) last = borne;
            clock.noted = ClockLib.note(last, day);
            if (start.dueDay > last) return;
            Cursor memory c = _copy(start);
            uint256 unpaid = c.total - s.paidRow;
            uint256 fees = s.feeDue;
            uint256 penalties = s.penaltyDue;
            while (true) {
                penalties += _penaltyOn(t, clock, c.dueDay, unpaid, day);
                if (c.dueDay > borne) fees += t.lateFee();
                else penalties -= _penaltyOn(t, clock, c.dueDay, unpaid, chargedUntil);
                ScheduleLib.advance(c);
                if (c.row == t.periods()) break;
                ScheduleLib.read(t, c);
                if (c.dueDay > last) break;
                unpaid = c.total;
            }
            s.feeDue = fees < CHARGE_END ? fees : CHARGE_END;
            s.penaltyDue = penalties < CHARGE_END ? penalties : CHARGE_END;
        }
    }

    /// @notice Applies an amount row by row, inside a row by the waterfall; the walk follows the state.
    /// @return p the split
    /// @return left what nothing is owed for
    function apply_(
        Fixed memory t,
        Rolling memory s,
        Cursor memory c,
        uint256 amount
    ) internal pure returns (Split memory p, uint256 left) {
        unchecked {
            left = amount;
            while (left != 0) {
                left = _payRow(t, s, c, p, left);
                if (s.row == t.periods()) break; // only charges were left
                if (s.paidRow == c.total) {
                    ScheduleLib.advance(c);
                    s.balance = c.balance;
                    s.row = c.row;
                    s.paidRow = 0;
                    if (left != 0 && s.row != t.periods()) ScheduleLib.read(t, c);
                }
            }
        }
    }

    /// @notice How many days the oldest unpaid row is late, and the bucket they fall in: none within the grace.
    /// @dev A row that opens on or before the due day of the one before it needs no reading.
    function arrears(
        Fixed memory t,
        Rolling memory s,
        Cursor memory c,
        uint256 today,
        Clock memory clock
    ) internal pure returns (uint256 bucket, uint256 daysLate) {
        if (s.row == t.periods() || today <= c.previousDay) return (0, 0);
        if (c.dueDay == 0) ScheduleLib.read(t, c); // the walk has just come here
        daysLate = ClockLib.late(clock.stops, c.dueDay, today);
        if (daysLate <= t.grace()) return (0, daysLate);
        bucket =
            daysLate < 30
                ? 1
                : daysLate < 60
                    ? 2
                    : daysLate < 90
                        ? 3
                        : 4;
    }

    /// @notice What is due by a day: charges, and every row due until then as far as it is unpaid.
    function dueBy(
        Fixed memory t,
        Rolling memory s,
        Cursor memory start,
        uint256 day
    ) internal pure returns (uint256 due) {
        unchecked {
            due = s.feeDue + s.penaltyDue;
            if (start.dueDay > day || s.row == t.periods()) return due;
            Cursor memory c = _copy(start);
            uint256 paid = s.paidRow;
            while (true) {
                due += c.total - paid;
                paid = 0;
                ScheduleLib.advance(c);
                if (c.row == t.periods() || c.previousDay >= day) break;
                ScheduleLib.read(t, c);
                if (c.dueDay > day) break;
            }
        }
    }

    /// @notice What would be owed on a day if nothing happened until then; accrues in the state.
    function owed(
        Fixed memory t,
        Rolling memory s,
        uint256 day,
        Clock memory clock
    ) internal pure returns (uint256 total, uint256 overdue, uint256 currentDue) {
        unchecked {
            Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
            accrue(t, s, c, day, clock);
            overdue = s.feeDue + s.penaltyDue;
            total = overdue;
            bool ahead;
            uint256 paid = s.paidRow;
            while (c.row != t.periods()) {
                uint256 unpaid = c.total - paid;
                paid = 0;
                total += unpaid;
                if (c.dueDay < day) {
                    overdue += unpaid;
                } else if (!ahead) {
                    ahead = true;
                    currentDue = unpaid;
                }
                ScheduleLib.advance(c);
                if (c.row != t.periods()) ScheduleLib.read(t, c);
            }
        }
    }

    /// @notice Whether nothing is left to pay.
    function settled(Fixed memory t, Rolling memory s) internal pure returns (bool) {
        return s.row == t.periods() && s.feeDue | s.penaltyDue == 0;
    }

    /// @notice Marks a nonce as used and moves the window past the low run of used ones.
    function useNonce(Rolling memory s, bytes32 loan, uint256 nonce) internal pure {
        uint256 base = s.nonceBase;
        if (nonce < base) revert ILoanBook.NonceUsed(loan, nonce);
        unchecked {
            if (nonce - base >= NONCE_WINDOW || nonce >= NONCE_END) {
                revert ILoanBook.NonceTooFar(loan, nonce, base);
            }
            uint256 bit = 1 << (nonce - base);
            uint256 window = s.nonceWindow;
            if (window & bit != 0) revert ILoanBook.NonceUsed(loan, nonce);
            window |= bit;
            while (window & 1 != 0) {
                window >>= 1;
                ++base;
            }
            s.nonceBase = base;
            s.nonceWindow = window;
        }
    }

    /// @notice Whether a waterfall names each of the four once, interest before principal.
    function isWaterfall(uint256 waterfall) internal pure returns (bool) {
        if (waterfall > type(uint16).max) return false;
        uint256 seen = (1 << (waterfall & 0xf)) | (1 << ((waterfall >> 4) & 0xf));
        seen |= (1 << ((waterfall >> 8) & 0xf)) | (1 << (waterfall >> 12));
        // of the four numbers only 4 has bit 2, and only 3 has both bits below it
        uint256 principal = (waterfall >> 2) & 0x1111;
        uint256 interest = waterfall & (waterfall >> 1) & 0x1111;
        return seen == 0x1e && interest > principal;
    }

    /// @dev Without charges there is one order only: interest, then principal.
    function _payRow(
        Fixed memory t,
        Rolling memory s,
        Cursor memory c,
        Split memory p,
        uint256 left
    ) private pure returns (uint256) {
        unchecked {
            if (s.feeDue | s.penaltyDue == 0) return _payUpTo(s, c, p, c.total, left);
            uint256 waterfall = t.waterfall();
            for (uint256 shift = 16; shift != 0;) {
                shift -= 4;
                uint256 part = (waterfall >> shift) & 0xf;
                if (part <= PENALTY) left = _payCharge(s, p, part, left);
                else left = _payUpTo(s, c, p, part == INTEREST ? c.interest : c.total, left);
            }
            return left;
        }
    }

    /// @dev Pays a row until so much of it is paid. What was paid of a row paid its interest first.
    function _payUpTo(
        Rolling memory s,
        Cursor memory c,
        Split memory p,
        uint256 end,
        uint256 left
    ) private pure returns (uint256) {
        unchecked {
            uint256 paid = s.paidRow;
            if (paid >= end) return left;
            uint256 taken = end - paid < left ? end - paid : left;
            s.paidRow = paid + taken;
            if (paid < c.interest) {
                uint256 interest = c.interest - paid < taken ? c.interest - paid : taken;
                p.interest += interest;
                p.principal += taken - interest;
            } else {
                p.principal += taken;
            }
            return left - taken;
        }
    }

    function _payCharge(
        Rolling memory s,
        Split memory p,
        uint256 part,
        uint256 left
    ) private pure returns (uint256) {
        unchecked {
            uint256 due = part == LATE_FEE ? s.feeDue : s.penaltyDue;
            uint256 taken = due < left ? due : left;
            if (part == LATE_FEE) {
                s.feeDue = due - taken;
                p.lateFee += taken;
            } else {
                s.penaltyDue = due - taken;
                p.penalty += taken;
            }
            return left - taken;
        }
    }

    /// @dev Of a row that is late on a day: for the days from its due day that count, none of them after the cap, so
    /// that no row bears more than was agreed whenever a halt becomes known.
    function _penaltyOn(
        Fixed memory t,
        Clock memory clock,
        uint256 dueDay,
        uint256 unpaid,
        uint256 day
    ) private pure returns (uint256) {
        unchecked {
            uint256 end = dueDay + t.penaltyMaxDays();
            if (day > end) day = end;
            return ScheduleLib.penalty(t, unpaid, ClockLib.late(clock.stops, dueDay, day));
        }
    }

    function _copy(Cursor memory c) private pure returns (Cursor memory d) {
        assembly ("memory-safe") {
            mcopy(d, c, 0xc0)
        }
    }
}
