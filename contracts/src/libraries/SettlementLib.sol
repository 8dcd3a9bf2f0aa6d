// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Payoff} from "../Types.sol";
import {DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking, Rolling} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {PaymentLib, Split} from "./PaymentLib.sol";
import {RoundingLib} from "./RoundingLib.sol";
import {Cursor, ScheduleLib} from "./ScheduleLib.sol";
import {Special} from "./SpecialPacking.sol";

/// @notice What a schedule has earned by a day, and what payments so far have paid of its rows.
struct Reckoning {
    uint256 earned; // interest
    uint256 paidInterest;
    uint256 paidRows; // interest and principal
}

/// @title What a loan owes off its schedule: payoff, interest carried over, and the way back along the rows
/// @notice Pure: works on memory, so that views and entries share it. Its Python twin is `contracts/loan`. What walks
/// from the first row needs the whole table of a loan by a table.
/// @dev Arithmetic is unchecked where PaymentLib's is, for its reasons.
library SettlementLib {
    using LoanPacking for Fixed;

    /// @notice Principal not paid back; the walk stands at the state's row. What is paid of a row pays its interest
    /// first.
    function outstanding(Rolling memory s, uint256 openInterest) internal pure returns (uint256) {
        unchecked {
            return s.balance - (s.paidRow > openInterest ? s.paidRow - openInterest : 0);
        }
    }

    /// @notice What settles a loan on a day up to which its charges are accrued.
    function payoff(
        Fixed memory t,
        Rolling memory s,
        Special memory x,
        uint256 outstandingMinor,
        uint256 day
    ) internal pure returns (Payoff memory p) {
        Reckoning memory r = reckon(t, s, day);
        p.principalMinor = outstandingMinor;
        p.interestMinor = x.carriedInterest;
        if (r.earned > r.paidInterest) p.interestMinor += r.earned - r.paidInterest;
        else p.rebateMinor = least(r.paidInterest - r.earned, outstandingMinor);
        p.lateFeeMinor = s.feeDue;
        p.penaltyMinor = s.penaltyDue;
        p.totalMinor = outstandingMinor + p.interestMinor + s.feeDue + s.penaltyDue - p.rebateMinor;
    }

    /// @notice Walks from the first row over what is paid and what is due by a day.
    function reckon(
        Fixed memory t,
        Rolling memory s,
        uint256 day
    ) internal pure returns (Reckoning memory r) {
        unchecked {
            uint256 periods = t.periods();
            Cursor memory c = ScheduleLib.at(t, 0, t.principal());
            while (true) {
                uint256 paid =
                    c.row < s.row
                        ? c.total
                        : c.row == s.row
                            ? s.paidRow
                            : 0;
                r.paidRows += paid;
                r.paidInterest += least(paid, c.interest);
                r.earned += _earned(t, c, day);
                ScheduleLib.advance(c);
                if (c.row == periods || (c.row > s.row && c.previousDay >= day)) break;
                ScheduleLib.read(t, c);
            }
        }
    }

    /// @notice Walks from the first row until so much of the rows' interest and principal is paid.
    /// @return c stands at the row that is open then
    /// @return paidRow what is paid of it
    /// @return paidInterest of all rows
    function seek(
        Fixed memory t,
        uint256 paidRows
    ) internal pure returns (Cursor memory c, uint256 paidRow, uint256 paidInterest) {
        unchecked {
            c = ScheduleLib.at(t, 0, t.principal());
            paidRow = paidRows;
            while (paidRow >= c.total) {
                paidRow -= c.total;
                paidInterest += c.interest;
                ScheduleLib.advance(c);
                if (c.row == t.periods()) return (c, paidRow, paidInterest);
                ScheduleLib.read(t, c);
            }
            paidInterest += least(paidRow, c.interest);
        }
    }

    /// @notice Applies an amount as PaymentLib does, with interest carried over from before an amendment paid in the
    /// interest's place, before that of the row.
    /// @return p the split, the carried interest in its interest
    /// @return carried of it
    /// @return left what nothing is owed for
    function apply_(
        Fixed memory t,
        Rolling memory s,
        Special memory x,
        Cursor memory c,
        uint256 amount
    ) internal pure returns (Split memory p, uint256 carried, uint256 left) {
        if (x.carriedInterest == 0) {
            (p, left) = PaymentLib.apply_(t, s, c, amount);
            return (p, 0, left);
        }
        unchecked {
            uint256 feeBefore = s.feeDue;
            uint256 penaltyBefore = s.penaltyDue;
            left = _payChargesBeforeInterest(t.waterfall(), s, amount);
            uint256 fee = feeBefore - s.feeDue;
            uint256 penalty = penaltyBefore - s.penaltyDue;
            carried = least(x.carriedInterest, left);
            x.carriedInterest -= carried;
            (p, left) = PaymentLib.apply_(t, s, c, left - carried);
            p.lateFee += fee;
            p.penalty += penalty;
            p.interest += carried;
        }
    }

    /// @notice The lesser of two.
    function least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev Of what comes before interest in a waterfall there are only charges.
    function _payChargesBeforeInterest(
        uint256 waterfall,
        Rolling memory s,
        uint256 left
    ) private pure returns (uint256) {
        unchecked {
            for (uint256 shift = 12; ; shift -= 4) {
                uint256 part = (waterfall >> shift) & 0xf;
                if (part > PaymentLib.PENALTY) return left;
                uint256 taken = least(part == PaymentLib.LATE_FEE ? s.feeDue : s.penaltyDue, left);
                if (part == PaymentLib.LATE_FEE) s.feeDue -= taken;
                else s.penaltyDue -= taken;
                left -= taken;
            }
        }
    }

    /// @dev Interest of the row where the walk stands, for the days until a day. That of a table is spread evenly over
    /// its days.
    function _earned(Fixed memory t, Cursor memory c, uint256 day) private pure returns (uint256) {
        unchecked {
            if (day >= c.dueDay) return c.interest;
            if (day <= c.previousDay) return 0;
            uint256 days_ = day - c.previousDay;
            if (MethodLib.isTable(t.method())) {
                return RoundingLib.divide(c.interest * days_, c.dueDay - c.previousDay, RoundingLib.HALF_UP);
            }
            uint256 dayCount = t.dayCount();
            if (dayCount != DayCountLib.MONTHS_360) {
                days_ = DayCountLib.partsBetween(dayCount, c.previousDay, day);
            }
            return least(ScheduleLib.chargeOf(t, c.balance, days_), c.interest);
        }
    }
}
