// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {Date, DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {RoundingLib} from "./RoundingLib.sol";
import {ScheduleLib} from "./ScheduleLib.sol";
import {WordsLib} from "./WordsLib.sol";

/// @title The whole schedule of a formula
/// @notice By the rules of ScheduleLib, in two passes over one word a row: when it is due and for how much of a year,
/// then how much. These loops are most of what a long loan costs: a pass has a form for each kind of period, and the
/// checks of a row are one condition.
/// @dev Arithmetic is unchecked for the reasons of ScheduleLib.
library DeriveLib {
    using LoanPacking for Fixed;

    /// @notice The whole schedule of a formula.
    /// @return rows dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root keccak256 of the rows one after another
    function derive(Fixed memory t) internal pure returns (uint256[] memory rows, bytes32 root) {
        rows = WordsLib.allocate(t.periods());
        _fillDays(t, rows);
        _fillAmounts(t, rows);
        assembly ("memory-safe") {
            root := keccak256(add(rows, 0x20), shl(5, mload(rows)))
        }
    }

    /// @dev Each row gets its due day, and in the place of its amounts the parts of a year that it is for.
    function _fillDays(Fixed memory t, uint256[] memory rows) private pure {
        unchecked {
            uint256 dayCount = t.dayCount();
            if (t.periodUnit() == MethodLib.DAY) {
                if (dayCount <= DayCountLib.ACT_360) _fillActualDays(t, rows);
                else _fillDates(t, rows, dayCount);
            } else {
                if (dayCount <= DayCountLib.ACT_360 && t.periodLength() == 1) _fillMonthly(t, rows);
                else _fillMonths(t, rows, dayCount);
            }
        }
    }

    /// @dev Periods of days, counted by days: each row is the one before, a period later.
    function _fillActualDays(Fixed memory t, uint256[] memory rows) private pure {
        unchecked {
            (uint256 place, uint256 end) = WordsLib.bounds(rows);
            uint256 length = t.periodLength();
            uint256 due = t.firstDueDay();
            uint256 word = (due << 224) | length;
            WordsLib.put(place, word - length + (due - t.disbursementDay()));
            for (place += 32; place != end; place += 32) {
                word += length << 224;
                WordsLib.put(place, word);
            }
        }
    }

    /// @dev Periods of days, counted by dates.
    function _fillDates(Fixed memory t, uint256[] memory rows, uint256 dayCount) private pure {
        unchecked {
            (uint256 place, uint256 end) = WordsLib.bounds(rows);
            uint256 due = t.firstDueDay();
            Date memory from;
            Date memory to;
            DayCountLib.dateOf(from, t.disbursementDay());
            for (; place != end; place += 32) {
                DayCountLib.dateOf(to, due);
                WordsLib.put(place, (due << 224) | DayCountLib.partsBetween(dayCount, from, to));
                due += t.periodLength();
                (from, to) = (to, from);
            }
        }
    }

    /// @dev Periods of months.
    function _fillMonths(Fixed memory t, uint256[] memory rows, uint256 dayCount) private pure {
        unchecked {
            (uint256 place, uint256 end) = WordsLib.bounds(rows);
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            uint256 length = t.periodLength();
            bool whole = dayCount == DayCountLib.MONTHS_360;
            Date memory from;
            Date memory to;
            DayCountLib.dateOf(from, t.disbursementDay());
            for (uint256 first = place; place != end; place += 32) {
                (uint256 start, uint256 date) = CalendarLib.dueDate(month, anchorDay);
                (to.day, to.month, to.dayOfMonth) = (start + date - 1, month, date);
                uint256 parts = DayCountLib.MONTH_PARTS * length;
                if (!whole) parts = DayCountLib.partsBetween(dayCount, from, to);
                else if (place == first) parts = DayCountLib.monthsAndDays(from.day, month, anchorDay);
                WordsLib.put(place, (to.day << 224) | parts);
                month += length;
                (from, to) = (to, from);
            }
        }
    }

    /// @dev The commonest case, month by month and in actual days, without rebuilding a date in any row.
    function _fillMonthly(Fixed memory t, uint256[] memory rows) private pure {
        unchecked {
            (uint256 place, uint256 end) = WordsLib.bounds(rows);
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            uint256 lengths = CalendarLib.lengthsFrom(month);
            uint256 before = CalendarLib.monthStart(month) - 1; // the day before the month's first
            uint256 previous = t.disbursementDay();
            while (true) {
                uint256 length = lengths & 0xff;
                lengths = (lengths >> 8) | (length << 88);
                if (length == CalendarLib.SHORTEST_MONTH) length = CalendarLib.monthLength(month);
                uint256 due = before + _least(anchorDay, length);
                WordsLib.put(place, (due << 224) | (due - previous));
                place += 32;
                if (place == end) return;
                before += length;
                previous = due;
                ++month;
            }
        }
    }

    /// @dev First the rows that rest, then those that repay, then the last.
    function _fillAmounts(Fixed memory t, uint256[] memory rows) private pure {
        unchecked {
            uint256 last = rows.length - 1;
            uint256 row = t.restPeriods();
            uint256 balance = t.principal();
            if (row != 0) _fillRest(t, rows, row);
            if (row < last && RoundingLib.isResidueFirst(t.rounding())) {
                balance = _fillRepaying(t, rows, row, row + 1, balance, ScheduleLib.residueOf(t, row));
                ++row;
            }
            if (row < last) balance = _fillRepaying(t, rows, row, last, balance, t.instalment);
            _fillLast(t, rows, last, balance);
        }
    }

    /// @dev Rows up to `end` pay interest on the whole principal.
    function _fillRest(Fixed memory t, uint256[] memory rows, uint256 end) private pure {
        unchecked {
            uint256 yearly = t.principal() * t.rate();
            uint256 divisor = DayCountLib.divisor(t.dayCount());
            uint256 mode = RoundingLib.modeOf(t.rounding());
            (uint256 place, ) = WordsLib.bounds(rows);
            for (end = place + (end << 5); place != end; place += 32) {
                uint256 word = WordsLib.get(place);
                uint256 parts = uint112(word);
                uint256 charged = RoundingLib.divide(yearly * parts, divisor, mode);
                if (charged - 1 >= ScheduleLib.MAX_ROW_MINOR) {
                    _refuse(rows, place, charged == 0, charged, charged, t.principal());
                }
                WordsLib.put(place, word - parts + charged);
            }
        }
    }

    /// @dev Rows from `row` to `end` repay `part` each: principal alone, or principal with the interest in it.
    /// This loop is most of what a long loan costs.
    /// @return left of the balance
    function _fillRepaying(
        Fixed memory t,
        uint256[] memory rows,
        uint256 row,
        uint256 end,
        uint256 balance,
        uint256 part
    ) private pure returns (uint256 left) {
        unchecked {
            uint256 level = t.method() == MethodLib.EQUAL_PRINCIPAL ? 0 : 1;
            uint256 rate = t.rate();
            uint256 flat; // yearly interest that does not fall with the balance
            if (t.method() == MethodLib.FLAT) (flat, rate) = (t.principal() * rate, 0);
            uint256 divisor = DayCountLib.divisor(t.dayCount());
            uint256 mode = RoundingLib.modeOf(t.rounding());
            (uint256 place, ) = WordsLib.bounds(rows);
            end = place + (end << 5);
            place += row << 5;
            while (true) {
                uint256 word = WordsLib.get(place);
                uint256 parts = uint112(word);
                uint256 charged = (balance * rate + flat) * parts;
                if (mode == RoundingLib.HALF_UP) charged = RoundingLib.divideHalfUp(charged, divisor);
                else charged = RoundingLib.divide(charged, divisor, mode);
                uint256 principal = part - level * charged;
                if (_isUnsound(principal, charged, balance)) {
                    _refuse(rows, place, principal - 1 >= balance - 1, charged, principal + charged, balance);
                }
                WordsLib.put(place, word - parts + ((principal << 112) | charged));
                balance -= principal;
                place += 32;
                if (place == end) return balance;
            }
        }
    }

    /// @dev Whether a row repays nothing, or all of the balance before the last row, or asks for too much; in one
    /// condition, for it is asked of each row.
    function _isUnsound(
        uint256 principal,
        uint256 charged,
        uint256 left
    ) private pure returns (bool unsound) {
        uint256 most = ScheduleLib.MAX_ROW_MINOR;
        assembly ("memory-safe") {
            unsound := or(iszero(lt(sub(principal, 1), sub(left, 1))), gt(add(principal, charged), most))
        }
    }

    /// @dev The last row repays what is left: with an instalment no more than two of them.
    function _fillLast(Fixed memory t, uint256[] memory rows, uint256 row, uint256 balance) private pure {
        unchecked {
            uint256 word = rows[row];
            uint256 parts = uint112(word);
            uint256 charged = ScheduleLib.chargeOf(t, balance, parts);
            uint256 most = 2 * t.instalment;
            uint256 method = t.method();
            bool degenerate;
            if (method == MethodLib.EQUAL_PRINCIPAL) degenerate = balance > most;
            else if (MethodLib.hasInstalment(method)) {
                degenerate = charged >= t.instalment || balance + charged > most;
            }
            if (degenerate) revert ILoanBook.ScheduleDegenerate(row, charged, balance);
            if (balance + charged > ScheduleLib.MAX_ROW_MINOR) {
                revert ILoanBook.RowTooLarge(row, balance + charged, ScheduleLib.MAX_ROW_MINOR);
            }
            rows[row] = word - parts + ((balance << 112) | charged);
        }
    }

    /// @dev Says what is wrong with a row before the last.
    function _refuse(
        uint256[] memory rows,
        uint256 place,
        bool degenerate,
        uint256 charged,
        uint256 total,
        uint256 balance
    ) private pure {
        unchecked {
            (uint256 first, ) = WordsLib.bounds(rows);
            uint256 row = (place - first) >> 5;
            if (degenerate) revert ILoanBook.ScheduleDegenerate(row, charged, balance);
            revert ILoanBook.RowTooLarge(row, total, ScheduleLib.MAX_ROW_MINOR);
        }
    }

    /// @dev The lesser of two, without a jump.
    function _least(uint256 a, uint256 b) private pure returns (uint256 least) {
        assembly ("memory-safe") {
            least := xor(b, mul(xor(a, b), lt(a, b)))
        }
    }
}
