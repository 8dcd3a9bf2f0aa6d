// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CalendarLib} from "./CalendarLib.sol";

/// @notice A day, and where in the calendar it lies.
struct Date {
    uint256 day;
    uint256 month; // see CalendarLib
    uint256 dayOfMonth;
}

/// @title How much of a year lies between two days
/// @notice Interest accrues in whole parts of a year; `contracts/schedule/day_count.py` names the sources.
library DayCountLib {
    /// @notice Actual days over 365.
    uint256 internal constant ACT_365F = 0;
    /// @notice Actual days over 360.
    uint256 internal constant ACT_360 = 1;
    /// @notice Eurobond basis: months of 30 days, the 31st counts as the 30th; February has no rule of its own.
    uint256 internal constant THIRTY_E_360 = 2;
    /// @notice Months of 30 days, the last of February counts as the 30th where a period begins.
    uint256 internal constant THIRTY_360_US = 3;
    /// @notice Days in common years over 365, days in leap years over 366.
    uint256 internal constant ACT_ACT_ISDA = 4;
    /// @notice Whole months of 30 days and odd days as they are, over 360: only where periods are months.
    uint256 internal constant MONTHS_360 = 5;

    /// @notice Parts of a MONTHS_360 month.
    uint256 internal constant MONTH_PARTS = 30;
    uint256 private constant PPM = 1e6;
    uint256 private constant ISDA_YEAR_PARTS = 365 * 366;

    /// @notice Parts of a year, times a million: what interest at a rate in ppm is divided by.
    function divisor(uint256 dayCount) internal pure returns (uint256) {
        if (dayCount == ACT_365F) return 365 * PPM;
        return dayCount == ACT_ACT_ISDA ? ISDA_YEAR_PARTS * PPM : 360 * PPM;
    }

    /// @notice Parts of a year from a day (included) to another (excluded); not for MONTHS_360.
    function partsBetween(uint256 dayCount, uint256 from, uint256 to) internal pure returns (uint256) {
        unchecked {
            if (dayCount <= ACT_360) return to - from;
            Date memory start;
            Date memory end;
            dateOf(start, from);
            dateOf(end, to);
            return partsBetween(dayCount, start, end);
        }
    }

    /// @notice The same of days whose dates are known.
    function partsBetween(
        uint256 dayCount,
        Date memory from,
        Date memory to
    ) internal pure returns (uint256) {
        unchecked {
            if (dayCount <= ACT_360) return to.day - from.day;
            if (dayCount == ACT_ACT_ISDA) return _isdaParts(from, to);
            uint256 first = from.dayOfMonth;
            uint256 last = to.dayOfMonth;
            if (dayCount == THIRTY_E_360) {
                if (last == 31) last = 30;
            } else {
                if (CalendarLib.endsFebruary(from.month, first)) {
                    if (CalendarLib.endsFebruary(to.month, last)) last = 30;
                    first = 30;
                }
                if (last == 31 && first >= 30) last = 30;
            }
            if (first == 31) first = 30;
            return MONTH_PARTS * (to.month - from.month) + last - first;
        }
    }

    /// @notice Fills in the date of a day.
    function dateOf(Date memory date, uint256 day) internal pure {
        date.day = day;
        (date.month, date.dayOfMonth) = CalendarLib.civil(day);
    }

    /// @notice Parts of a year of a first period under MONTHS_360: whole months counted back from its due day while
    /// they do not begin before the period, and the odd days before them.
    function monthsAndDays(
        uint256 from,
        uint256 dueMonth,
        uint256 anchorDay
    ) internal pure returns (uint256 parts) {
        unchecked {
            (uint256 month, ) = CalendarLib.civil(from);
            uint256 begin = CalendarLib.dueDay(month, anchorDay);
            if (begin < from) begin = CalendarLib.dueDay(++month, anchorDay);
            return MONTH_PARTS * (dueMonth - month) + begin - from;
        }
    }

    /// @dev A whole year has 365 * 366 parts, whether common or leap.
    function _isdaParts(Date memory from, Date memory to) private pure returns (uint256) {
        unchecked {
            uint256 first = CalendarLib.yearOf(from.month);
            uint256 last = CalendarLib.yearOf(to.month);
            uint256 dayParts = _dayParts(first);
            if (first == last) return (to.day - from.day) * dayParts;
            uint256 since = (to.day - CalendarLib.yearStart(last)) * _dayParts(last);
            uint256 before = (from.day - CalendarLib.yearStart(first)) * dayParts;
            return ISDA_YEAR_PARTS * (last - first) + since - before;
        }
    }

    function _dayParts(uint256 year) private pure returns (uint256) {
        return CalendarLib.isLeap(year) ? 365 : 366;
    }
}
