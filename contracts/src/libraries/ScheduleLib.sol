// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {Date, DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {RoundingLib} from "./RoundingLib.sol";

/// @notice A walk along the rows of a schedule: where it stands, and what the row there holds.
struct Cursor {
    uint256 row;
    uint256 balance; // at the start of the row
    uint256 previousDay; // where the row's interest begins; 0 where a walk along a table began in its midst
    uint256 dueDay; // 0 as long as the row is not read
    uint256 interest;
    uint256 total; // interest and principal of the row
}

/// @title The schedule: due days, interest and principal row by row
/// @notice The same rules derive the whole table at origination and price single rows at payment. Their twins are
/// `contracts/schedule` in Python and the phone's in TypeScript; the same golden files drive all.
/// @dev Arithmetic is unchecked: amounts stay below 2^44, rates below 2^24, parts of a year below 2^21, so that no
/// product reaches 2^90.
library ScheduleLib {
    using LoanPacking for Fixed;

    /// @notice In the year 2284: nothing is due later.
    uint256 internal constant LAST_DAY = 115_000;
    /// @notice The most that one row may ask for, principal and interest.
    uint256 internal constant MAX_ROW_MINOR = 2 ** 39 - 1;
    uint256 private constant PPM_365 = 365e6;

    /// @notice A walk that stands at a row with the balance at its start, and has read it.
    function at(Fixed memory t, uint256 row, uint256 balance) internal pure returns (Cursor memory c) {
        c.row = row;
        c.balance = balance;
        if (row == t.periods()) return c;
        if (row == 0) c.previousDay = t.disbursementDay();
        else if (!MethodLib.isTable(t.method())) c.previousDay = dueDayOf(t, row - 1);
        read(t, c);
    }

    /// @notice Fills in what the row holds where the walk stands. A table's row must have been brought.
    function read(Fixed memory t, Cursor memory c) internal pure {
        unchecked {
            if (MethodLib.isTable(t.method())) return _readTable(t, c);
            c.dueDay = dueDayOf(t, c.row);
            uint256 charged = _interest(t, c);
            c.interest = charged;
            c.total = c.row + 1 == t.periods() ? c.balance + charged : _total(t, c.row, charged);
        }
    }

    /// @notice Goes on to the next row, assuming the present one is paid as scheduled; does not read it.
    function advance(Cursor memory c) internal pure {
        unchecked {
            c.balance -= c.total - c.interest;
            ++c.row;
            c.previousDay = c.dueDay;
            c.dueDay = 0;
            c.interest = 0;
            c.total = 0;
        }
    }

    /// @notice When a row of a formula is due.
    function dueDayOf(Fixed memory t, uint256 row) internal pure returns (uint256) {
        unchecked {
            uint256 distance = row * t.periodLength();
            if (t.periodUnit() == MethodLib.DAY) return t.firstDueDay() + distance;
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            return CalendarLib.dueDay(month + distance, anchorDay);
        }
    }

    /// @notice Penalty of an unpaid amount over so many days, rounded half up; never more than the cap's days.
    function penalty(Fixed memory t, uint256 unpaid, uint256 lateDays) internal pure returns (uint256) {
        unchecked {
            uint256 most = t.penaltyMaxDays();
            if (lateDays > most) lateDays = most;
            return RoundingLib.divide(unpaid * t.penaltyRate() * lateDays, PPM_365, RoundingLib.HALF_UP);
        }
    }

    /// @notice The whole schedule of a formula.
    /// @return rows dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root keccak256 of the rows one after another
    function derive(Fixed memory t) internal pure returns (uint256[] memory rows, bytes32 root) {
        rows = _allocate(t.periods());
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
            (uint256 at_, uint256 end) = _bounds(rows);
            uint256 length = t.periodLength();
            uint256 due = t.firstDueDay();
            uint256 word = (due << 224) | length;
            _put(at_, word - length + (due - t.disbursementDay()));
            for (at_ += 32; at_ != end; at_ += 32) {
                word += length << 224;
                _put(at_, word);
            }
        }
    }

    /// @dev Periods of days, counted by dates.
    function _fillDates(Fixed memory t, uint256[] memory rows, uint256 dayCount) private pure {
        unchecked {
            (uint256 at_, uint256 end) = _bounds(rows);
            uint256 due = t.firstDueDay();
            Date memory from;
            Date memory to;
            DayCountLib.dateOf(from, t.disbursementDay());
            for (; at_ != end; at_ += 32) {
                DayCountLib.dateOf(to, due);
                _put(at_, (due << 224) | DayCountLib.partsBetween(dayCount, from, to));
                due += t.periodLength();
                (from, to) = (to, from);
            }
        }
    }

    /// @dev Periods of months.
    function _fillMonths(Fixed memory t, uint256[] memory rows, uint256 dayCount) private pure {
        unchecked {
            (uint256 at_, uint256 end) = _bounds(rows);
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            uint256 length = t.periodLength();
            bool whole = dayCount == DayCountLib.MONTHS_360;
            Date memory from;
            Date memory to;
            DayCountLib.dateOf(from, t.disbursementDay());
            for (uint256 first = at_; at_ != end; at_ += 32) {
                (uint256 start, uint256 date) = CalendarLib.dueDate(month, anchorDay);
                (to.day, to.month, to.dayOfMonth) = (start + date - 1, month, date);
                uint256 parts = DayCountLib.MONTH_PARTS * length;
                if (!whole) parts = DayCountLib.partsBetween(dayCount, from, to);
                else if (at_ == first) parts = DayCountLib.monthsAndDays(from.day, month, anchorDay);
                _put(at_, (to.day << 224) | parts);
                month += length;
                (from, to) = (to, from);
            }
        }
    }

    /// @dev The commonest case, month by month and in actual days, without rebuilding a date in any row.
    function _fillMonthly(Fixed memory t, uint256[] memory rows) private pure {
        unchecked {
            (uint256 at_, uint256 end) = _bounds(rows);
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            uint256 lengths = CalendarLib.lengthsFrom(month);
            uint256 before = CalendarLib.monthStart(month) - 1; // the day before the month's first
            uint256 previous = t.disbursementDay();
            while (true) {
                uint256 length = lengths & 0xff;
                lengths = (lengths >> 8) | (length << 88);
                if (length == CalendarLib.SHORTEST_MONTH) length = CalendarLib.monthLength(month);
                uint256 due = before + _least(anchorDay, length);
                _put(at_, (due << 224) | (due - previous));
                at_ += 32;
                if (at_ == end) return;
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
                balance = _fillRepaying(t, rows, row, row + 1, balance, _residue(t, row));
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
            (uint256 at_, ) = _bounds(rows);
            for (end = at_ + (end << 5); at_ != end; at_ += 32) {
                uint256 word = _get(at_);
                uint256 parts = uint112(word);
                uint256 charged = RoundingLib.divide(yearly * parts, divisor, mode);
                if (charged - 1 >= MAX_ROW_MINOR) {
                    _refuse(rows, at_, charged == 0, charged, charged, t.principal());
                }
                _put(at_, word - parts + charged);
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
            (uint256 at_, ) = _bounds(rows);
            end = at_ + (end << 5);
            at_ += row << 5;
            while (true) {
                uint256 word = _get(at_);
                uint256 parts = uint112(word);
                uint256 charged = (balance * rate + flat) * parts;
                if (mode == RoundingLib.HALF_UP) charged = RoundingLib.divideHalfUp(charged, divisor);
                else charged = RoundingLib.divide(charged, divisor, mode);
                uint256 principal = part - level * charged;
                if (_isUnsound(principal, charged, balance)) {
                    _refuse(rows, at_, principal - 1 >= balance - 1, charged, principal + charged, balance);
                }
                _put(at_, word - parts + ((principal << 112) | charged));
                balance -= principal;
                at_ += 32;
                if (at_ == end) return balance;
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
        uint256 most = MAX_ROW_MINOR;
        assembly ("memory-safe") {
            unsound := or(iszero(lt(sub(principal, 1), sub(left, 1))), gt(add(principal, charged), most))
        }
    }

    /// @dev The last row repays what is left: with an instalment no more than two of them.
    function _fillLast(Fixed memory t, uint256[] memory rows, uint256 row, uint256 balance) private pure {
        unchecked {
            uint256 word = rows[row];
            uint256 parts = uint112(word);
            uint256 charged = _charge(t, balance, parts);
            uint256 most = 2 * t.instalment;
            uint256 method = t.method();
            bool degenerate;
            if (method == MethodLib.EQUAL_PRINCIPAL) degenerate = balance > most;
            else if (MethodLib.hasInstalment(method)) {
                degenerate = charged >= t.instalment || balance + charged > most;
            }
            if (degenerate) revert ILoanBook.ScheduleDegenerate(row, charged, balance);
            if (balance + charged > MAX_ROW_MINOR) {
                revert ILoanBook.RowTooLarge(row, balance + charged, MAX_ROW_MINOR);
            }
            rows[row] = word - parts + ((balance << 112) | charged);
        }
    }

    /// @dev Says what is wrong with a row before the last.
    function _refuse(
        uint256[] memory rows,
        uint256 at_,
        bool degenerate,
        uint256 charged,
        uint256 total,
        uint256 balance
    ) private pure {
        unchecked {
            (uint256 first, ) = _bounds(rows);
            uint256 row = (at_ - first) >> 5;
            if (degenerate) revert ILoanBook.ScheduleDegenerate(row, charged, balance);
            revert ILoanBook.RowTooLarge(row, total, MAX_ROW_MINOR);
        }
    }

    /// @dev Without clearing what is filled at once.
    function _allocate(uint256 length) private pure returns (uint256[] memory rows) {
        assembly ("memory-safe") {
            rows := mload(0x40)
            mstore(rows, length)
            mstore(0x40, add(rows, shl(5, add(length, 1))))
        }
    }

    /// @dev Where the words of the rows begin and end in memory.
    function _bounds(uint256[] memory rows) private pure returns (uint256 first, uint256 end) {
        assembly ("memory-safe") {
            first := add(rows, 0x20)
            end := add(first, shl(5, mload(rows)))
        }
    }

    /// @dev The lesser of two, without a jump.
    function _least(uint256 a, uint256 b) private pure returns (uint256 least) {
        assembly ("memory-safe") {
            least := xor(b, mul(xor(a, b), lt(a, b)))
        }
    }

    function _get(uint256 at_) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(at_)
        }
    }

    function _put(uint256 at_, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(at_, word)
        }
    }

    /// @dev Interest of a row of a formula.
    function _interest(Fixed memory t, Cursor memory c) private pure returns (uint256) {
        return _charge(t, c.balance, _parts(t, c.row, c.previousDay, c.dueDay));
    }

    /// @dev Interest over so many parts of a year, rounded once.
    function _charge(Fixed memory t, uint256 balance, uint256 parts) private pure returns (uint256) {
        unchecked {
            uint256 base = t.method() == MethodLib.FLAT ? t.principal() : balance;
            uint256 divisor = DayCountLib.divisor(t.dayCount());
            return RoundingLib.divide(base * t.rate() * parts, divisor, RoundingLib.modeOf(t.rounding()));
        }
    }

    /// @dev Parts of a year that a row's interest is for.
    function _parts(
        Fixed memory t,
        uint256 row,
        uint256 previous,
        uint256 due
    ) private pure returns (uint256) {
        unchecked {
            uint256 dayCount = t.dayCount();
            if (dayCount != DayCountLib.MONTHS_360) return DayCountLib.partsBetween(dayCount, previous, due);
            if (row != 0) return DayCountLib.MONTH_PARTS * t.periodLength();
            (uint256 month, uint256 anchorDay) = t.firstMonth();
            return DayCountLib.monthsAndDays(previous, month, anchorDay);
        }
    }

    /// @dev What a row before the last asks for.
    function _total(Fixed memory t, uint256 row, uint256 charged) private pure returns (uint256) {
        unchecked {
            uint256 rest = t.restPeriods();
            if (row < rest) return charged;
            if (t.method() != MethodLib.EQUAL_PRINCIPAL) return t.instalment;
            bool takesResidue = row == rest && RoundingLib.isResidueFirst(t.rounding());
            return charged + (takesResidue ? _residue(t, row) : t.instalment);
        }
    }

    /// @dev Principal of the first repaying row where it takes what equal parts leave over.
    function _residue(Fixed memory t, uint256 row) private pure returns (uint256) {
        unchecked {
            return t.principal() - (t.periods() - 1 - row) * t.instalment;
        }
    }

    function _readTable(Fixed memory t, Cursor memory c) private pure {
        unchecked {
            uint256 place = c.row - t.tableFrom;
            if (place >= t.table.length) revert ILoanBook.RowMissing(c.row);
            uint256 word = t.table[place];
            c.dueDay = word >> 224;
            c.interest = uint112(word);
            c.total = uint112(word >> 112) + c.interest;
        }
    }
}
