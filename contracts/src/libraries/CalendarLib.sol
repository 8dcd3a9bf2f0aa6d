// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Days and months
/// @notice Days are counted since 1970-01-01, months as year * 12 + month - 1, both in the Gregorian calendar.
/// @dev Arithmetic is unchecked: callers keep days below 2^24 and months below 2^16.
library CalendarLib {
    uint256 private constant MONTHS = 12;
    /// @dev Days from 0000-03-01 to 1970-01-01.
    uint256 private constant EPOCH_SHIFT = 719_468;
    /// @dev Days of 400 years.
    uint256 private constant ERA_DAYS = 146_097;
    /// @dev Length of January to December in a common year, one byte each, January in the highest.
    uint256 private constant MONTH_LENGTHS = 0x1f1c1f1e1f1e1f1f1e1f1e1f;

    /// @notice First day of a month.
    function monthStart(uint256 monthIndex) internal pure returns (uint256 day) {
        unchecked {
            uint256 shifted = monthIndex - 2; // years begin in March, so that the leap day comes last
            uint256 year = shifted / MONTHS;
            uint256 month = shifted % MONTHS;
            return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 - EPOCH_SHIFT;
        }
    }

    /// @notice Number of days of a month.
    function monthLength(uint256 monthIndex) internal pure returns (uint256 length) {
        unchecked {
            uint256 month = monthIndex % MONTHS;
            length = (MONTH_LENGTHS >> (88 - 8 * month)) & 0xff;
            if (month == 1 && isLeap(monthIndex / MONTHS)) length = 29;
        }
    }

    /// @notice Whether a year has a 29 February.
    function isLeap(uint256 year) internal pure returns (bool) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
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

    /// @notice The day of a month on which an instalment is due: the anchor, or the last day of a shorter month.
    function dueDate(uint256 length, uint256 anchorDay) internal pure returns (uint256 dayOfMonth) {
        return anchorDay < length ? anchorDay : length;
    }
}
