// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {Fixed} from "./LoanPacking.sol";

/// @notice A walk along the rows of a schedule: where it stands, and what the row there holds.
struct Cursor {
    uint256 row;
    uint256 month; // of the row's due day
    uint256 monthDay; // first day of that month, days since 1970
    uint256 monthLength;
    uint256 previousDay; // where the row's interest begins
    uint256 previousDate; // its day of the month, for 30E/360
    uint256 dueDay;
    uint256 dueDate; // its day of the month
    uint256 balance; // at the start of the row
    uint256 interest;
    uint256 total; // interest and principal of the row
}

/// @title The schedule: due days, interest and principal row by row
/// @notice The same walk derives the whole table at origination and prices single rows at payment. Its twins are
/// `contracts/schedule` in Python and the phone's in TypeScript; the same golden files drive all.
/// @dev Arithmetic is unchecked: amounts stay below 2^44, rates below 2^24, days below 2^24, so that no product
/// reaches 2^100.
library ScheduleLib {
    uint256 internal constant ACT_365F = 0;
    uint256 internal constant ACT_360 = 1;
    uint256 internal constant THIRTY_E_360 = 2;

    uint256 private constant PPM_365 = 365e6;
    uint256 private constant PPM_360 = 360e6;

    /// @notice A walk that stands at a row with the balance at its start.
    function at(Fixed memory t, uint256 row, uint256 balance) internal pure returns (Cursor memory c) {
        unchecked {
            c.row = row;
            c.balance = balance;
            c.month = t.firstMonth + row;
            c.monthDay = CalendarLib.monthStart(c.month);
            if (row == 0) {
                c.previousDay = t.disbursementDay;
            } else {
                uint256 length = CalendarLib.monthLength(c.month - 1);
                c.previousDate = CalendarLib.dueDate(length, t.anchor);
                c.previousDay = c.monthDay - length + c.previousDate - 1;
            }
            _dueIn(t, c);
            price(t, c);
        }
    }

    /// @notice Fills in interest and total of the row where the walk stands; both are zero past the last row.
    function price(Fixed memory t, Cursor memory c) internal pure {
        unchecked {
            c.interest = interest(t, c);
            c.total = c.row + 1 >= t.periods ? c.balance + c.interest : t.instalment;
        }
    }

    /// @notice Goes on to the next row, assuming the present one is paid as scheduled; does not price it.
    /// @dev Past the last row the balance is zero and the due day means nothing.
    function advance(Fixed memory t, Cursor memory c) internal pure {
        unchecked {
            c.balance -= c.total - c.interest;
            ++c.row;
            c.previousDay = c.dueDay;
            c.previousDate = c.dueDate;
            c.monthDay += c.monthLength;
            ++c.month;
            _dueIn(t, c);
        }
    }

    /// @dev The due day in the walk's month: the anchor, or the last day of a shorter month.
    function _dueIn(Fixed memory t, Cursor memory c) private pure {
        unchecked {
            uint256 length = CalendarLib.monthLength(c.month);
            uint256 date = CalendarLib.dueDate(length, t.anchor);
            c.monthLength = length;
            c.dueDate = date;
            c.dueDay = c.monthDay + date - 1;
        }
    }

    /// @notice Interest of the row: balance * rate * days / basis, rounded half up to the minor unit.
    function interest(Fixed memory t, Cursor memory c) internal pure returns (uint256) {
        unchecked {
            if (t.dayCount == THIRTY_E_360) {
                return _share(c.balance * t.rate * _thirtyDays(t, c), PPM_360);
            }
            uint256 basis = t.dayCount == ACT_365F ? PPM_365 : PPM_360;
            return _share(c.balance * t.rate * (c.dueDay - c.previousDay), basis);
        }
    }

    /// @notice Penalty of an unpaid amount over so many days, rounded half up; never more than the cap's days.
    function penalty(Fixed memory t, uint256 unpaid, uint256 lateDays) internal pure returns (uint256) {
        unchecked {
            if (lateDays > t.penaltyMaxDays) lateDays = t.penaltyMaxDays;
            return _share(unpaid * t.penaltyRate * lateDays, PPM_365);
        }
    }

    /// @notice The whole table.
    /// @dev The walk of `at` and `advance` with everything on the stack: this loop is most of what a long loan costs.
    /// @return rows dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root keccak256 of the rows one after another
    function derive(Fixed memory t) internal pure returns (uint256[] memory rows, bytes32 root) {
        rows = new uint256[](t.periods);
        Cursor memory c = at(t, 0, t.principal);
        unchecked {
            uint256 last = t.periods - 1;
            uint256 instalment = t.instalment;
            uint256 rate = t.rate;
            uint256 basis = t.dayCount == ACT_365F ? PPM_365 : PPM_360;
            uint256 balance = c.balance;
            uint256 charged = c.interest;
            uint256 monthDay = c.monthDay;
            uint256 month = c.month;
            uint256 length = c.monthLength;
            uint256 date = c.dueDate;
            uint256 row;
            while (row != last) {
                uint256 principal = instalment - charged;
                if (charged >= instalment || principal >= balance) {
                    revert ILoanBook.ScheduleDegenerate(row, charged, balance);
                }
                rows[row] = ((monthDay + date - 1) << 224) | (principal << 112) | charged;
                ++row;
                balance -= principal;
                uint256 elapsed = length;
                uint256 previous = date;
                monthDay += length;
                ++month;
                length = CalendarLib.monthLength(month);
                date = CalendarLib.dueDate(length, t.anchor);
                elapsed =
                    t.dayCount == THIRTY_E_360
                        ? 30 + _thirtieth(date) - _thirtieth(previous)
                        : elapsed + date - previous;
                charged = _share(balance * rate * elapsed, basis);
            }
            if (charged >= instalment || balance + charged > 2 * instalment) {
                revert ILoanBook.ScheduleDegenerate(row, charged, balance);
            }
            rows[row] = ((monthDay + date - 1) << 224) | (balance << 112) | charged;
        }
        assembly ("memory-safe") {
            root := keccak256(add(rows, 0x20), shl(5, mload(rows)))
        }
    }

    /// @dev Days of the row under 30E/360: the 31st counts as the 30th, February has no rule of its own.
    function _thirtyDays(Fixed memory t, Cursor memory c) private pure returns (uint256) {
        unchecked {
            uint256 months = 1;
            uint256 from = c.previousDate;
            if (c.row == 0) {
                uint256 month;
                (month, from) = CalendarLib.civil(t.disbursementDay);
                months = c.month - month;
            }
            return 30 * months + _thirtieth(c.dueDate) - _thirtieth(from);
        }
    }

    function _thirtieth(uint256 date) private pure returns (uint256) {
        return date < 30 ? date : 30;
    }

    function _share(uint256 product, uint256 basis) private pure returns (uint256) {
        unchecked {
            return (product + basis / 2) / basis;
        }
    }
}
