// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {DayCountLib} from "./DayCountLib.sol";
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
/// @notice What a payment asks of single rows. DeriveLib gives the whole schedule by the same rules; their twins are
/// `contracts/schedule` in Python and the phone's in TypeScript, and the same golden files drive all.
/// @dev Arithmetic is unchecked: amounts stay below 2^44, rates below 2^24, parts of a year below 2^21 by a formula and
/// below 2^26 in a table, where 115,000 days may lie between two rows; no product reaches 2^94.
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

    /// @notice Penalty of an unpaid amount over so many days, rounded half up.
    function penalty(Fixed memory t, uint256 unpaid, uint256 lateDays) internal pure returns (uint256) {
        unchecked {
            return RoundingLib.divide(unpaid * t.penaltyRate() * lateDays, PPM_365, RoundingLib.HALF_UP);
        }
    }

    /// @notice Interest of a formula over so many parts of a year, rounded once.
    function chargeOf(Fixed memory t, uint256 balance, uint256 parts) internal pure returns (uint256) {
        unchecked {
            uint256 base = t.method() == MethodLib.FLAT ? t.principal() : balance;
            uint256 divisor = DayCountLib.divisor(t.dayCount());
            return RoundingLib.divide(base * t.rate() * parts, divisor, RoundingLib.modeOf(t.rounding()));
        }
    }

    /// @notice Principal of the first repaying row where it takes what equal parts leave over.
    function residueOf(Fixed memory t, uint256 row) internal pure returns (uint256) {
        unchecked {
            return t.principal() - (t.periods() - 1 - row) * t.instalment;
        }
    }

    /// @dev Interest of a row of a formula.
    function _interest(Fixed memory t, Cursor memory c) private pure returns (uint256) {
        return chargeOf(t, c.balance, _parts(t, c.row, c.previousDay, c.dueDay));
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
            return charged + (takesResidue ? residueOf(t, row) : t.instalment);
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
