// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Days and months
/// @notice Days are counted since 1970-01-01, months as year * 12 + month - 1, both in the Gregorian calendar.
/// @dev Arithmetic is unchecked: callers keep days below 2^24 and months below 2^17.
library CalendarLib {
    uint256 private constant MONTHS = 12;
    uint256 private constant FEBRUARY = 1;
    /// @notice February in a common year.
    uint256 internal constant SHORTEST_MONTH = 28;
    /// @dev Days from 0000-03-01 to 1970-01-01.
    uint256 private constant EPOCH_SHIFT = 719_468;
    /// @dev Days of 400 years.
    uint256 private constant ERA_DAYS = 146_097;
    /// @dev Days of four years, the last a leap year.
    uint256 private constant FOUR_YEARS_DAYS = 1461;
    /// @dev Length of January to December in a common year, one byte each, January in the lowest.
    uint256 private constant MONTH_LENGTHS = 0x1f1e1f1e1f1f1e1f1e1f1c1f;

    /// @notice First day of a month.
    function monthStart(uint256 monthIndex) internal pure returns (uint256 day) {
        unchecked {
            uint256 shifted = monthIndex - 2; // years begin in March, so that the leap day comes last
            uint256 year = shifted / MONTHS;
            uint256 century = year / 100;
            uint256 dayOfYear = (153 * (shifted - MONTHS * year) + 2) / 5;
            return ((FOUR_YEARS_DAYS * year) >> 2) - century + (century >> 2) + dayOfYear - EPOCH_SHIFT;
        }
    }

    /// @notice Number of days of a month.
    function monthLength(uint256 monthIndex) internal pure returns (uint256) {
        unchecked {
            uint256 month = monthIndex % MONTHS;
            if (month == FEBRUARY && isLeap(monthIndex / MONTHS)) return SHORTEST_MONTH + 1;
            return (MONTH_LENGTHS >> (month << 3)) & 0xff;
        }
    }

    /// @notice Lengths of the twelve months from this one on, in common years, one byte each, the first in the lowest.
    function lengthsFrom(uint256 monthIndex) internal pure returns (uint256) {
        unchecked {
            uint256 bits = (monthIndex % MONTHS) << 3;
            return (MONTH_LENGTHS >> bits) | (MONTH_LENGTHS << (96 - bits)); // higher bytes are of the next years
        }
    }

    /// @notice Whether a year has a 29 February.
    function isLeap(uint256 year) internal pure returns (bool) {
        return year & (year % 25 == 0 ? 15 : 3) == 0;
    }

    /// @notice Month and day of the month (1..31) of a day.
    function civil(uint256 day) internal pure returns (uint256 monthIndex, uint256 dayOfMonth) {
        unchecked {
            uint256 shifted = day + EPOCH_SHIFT;
            uint256 era = shifted / ERA_DAYS;
            uint256 dayOfEra = shifted % ERA_DAYS;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            uint256 month = (5 * dayOfYear + 2) / 153; // 0 is March
            dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1;
            monthIndex = (era * 400 + yearOfEra) * MONTHS + month + 2;
        }
    }

    /// @notice The day on which an instalment is due in a month: the anchor day, or the last one of a shorter month.
    function dueDay(uint256 monthIndex, uint256 anchorDay) internal pure returns (uint256) {
        unchecked {
            (uint256 start, uint256 dayOfMonth) = dueDate(monthIndex, anchorDay);
            return start + dayOfMonth - 1;
        }
    }

    /// @notice The same as the first day of the month and the day of the month.
    function dueDate(
        uint256 monthIndex,
        uint256 anchorDay
    ) internal pure returns (uint256 start, uint256 dayOfMonth) {
        dayOfMonth = anchorDay;
        if (anchorDay > SHORTEST_MONTH) {
            uint256 length = monthLength(monthIndex);
            if (length < anchorDay) dayOfMonth = length;
        }
        start = monthStart(monthIndex);
    }

    /// @notice Whether a day of a month is the last one of a February.
    function endsFebruary(uint256 monthIndex, uint256 dayOfMonth) internal pure returns (bool) {
        return monthIndex % MONTHS == FEBRUARY && dayOfMonth == monthLength(monthIndex);
    }

    /// @notice The year that a month lies in.
    function yearOf(uint256 monthIndex) internal pure returns (uint256) {
        unchecked {
            return monthIndex / MONTHS;
        }
    }

    /// @notice 1 January of a year.
    function yearStart(uint256 year) internal pure returns (uint256 day) {
        unchecked {
            return monthStart(year * MONTHS);
        }
    }
}
