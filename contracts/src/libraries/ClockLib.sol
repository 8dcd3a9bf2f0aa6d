// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice When clocks stood still, as far as it matters to a loan, and what it noted of the late fees it bore.
struct Clock {
    uint256[] stops; // oldest first, none overlapping another; see ClockLib.stop
    bool halted; // whether one of them is a halt of the ledger
    uint256 noted; // see ClockLib.note; 0 for nothing
}

/// @title How late a due day is: the days on which clocks stood still do not count
/// @notice Pure. Its Python twin is `contracts/loan/lateness.py`.
/// @dev Arithmetic is unchecked: days stay below 2^32.
library ClockLib {
    uint256 private constant HALT_SHIFT = 64;
    uint256 private constant FROM_SHIFT = 32;

    /// @notice Writes days on which clocks stood still, in a loan's time zone.
    /// @param from the first
    /// @param until the day after the last
    /// @param isHalt whether the ledger stood still, and not only its LoanBook
    function stop(uint256 from, uint256 until, bool isHalt) internal pure returns (uint256 word) {
        word = until | (from << FROM_SHIFT);
        if (isHalt) word |= 1 << HALT_SHIFT;
    }

    /// @notice Writes the last due day whose row has borne its late fee, as of the day that a loan is accrued to.
    /// @param borneDay that due day
    /// @param accruedDay the day of the last charge
    function note(uint256 borneDay, uint256 accruedDay) internal pure returns (uint256) {
        return (borneDay << FROM_SHIFT) | accruedDay;
    }

    /// @notice How many days a due day is past on a day.
    /// @param stops as `stop` writes them, oldest first
    /// @param dueDay of a row
    /// @param day in the loan's time zone, as all days here
    /// @return days_ without those on which clocks stood still
    function late(uint256[] memory stops, uint256 dueDay, uint256 day) internal pure returns (uint256 days_) {
        if (day <= dueDay) return 0;
        unchecked {
            days_ = day - dueDay;
            for (uint256 i; i < stops.length; ++i) {
                (uint256 from, uint256 until) = _daysOf(stops[i]);
                if (from < dueDay) from = dueDay;
                if (until > day) until = day;
                if (until > from) days_ -= until - from;
            }
        }
    }

    /// @notice The last due day that is more days past on a day than a grace.
    /// @dev No day of a loan is as small as a grace and the days that do not count: it began in this century.
    /// @param stops as `stop` writes them, oldest first
    /// @param day on which it is late
    /// @param grace days
    /// @param withHalts whether days of halts do not count either
    function lastLate(
        uint256[] memory stops,
        uint256 day,
        uint256 grace,
        bool withHalts
    ) internal pure returns (uint256) {
        unchecked {
            uint256 needed = grace + 1;
            for (uint256 i = stops.length; i != 0;) {
                uint256 word = stops[--i];
                (uint256 from, uint256 until) = _daysOf(word);
                if (from >= day || (!withHalts && word >> HALT_SHIFT != 0)) continue;
                if (until < day) {
                    if (day - until >= needed) break;
                    needed -= day - until;
                }
                day = from;
            }
            return day - needed;
        }
    }

    /// @notice The last due day whose row has borne its late fee, of a loan accrued to a day.
    /// @dev Past its grace on that day, as the clock was then known: a halt that came to be known later takes back
    /// nothing, so what a loan accrued while it knew of a halt is noted. Holds for rows not paid by then.
    /// @param clock of the loan
    /// @param accruedDay the day of the last charge
    /// @param grace days
    function borne(
        Clock memory clock,
        uint256 accruedDay,
        uint256 grace
    ) internal pure returns (uint256 day) {
        if (uint32(clock.noted) == accruedDay) return clock.noted >> FROM_SHIFT;
        return lastLate(clock.stops, accruedDay, grace, false);
    }

    function _daysOf(uint256 word) private pure returns (uint256 from, uint256 until) {
        from = uint32(word >> FROM_SHIFT);
        until = uint32(word);
    }
}
