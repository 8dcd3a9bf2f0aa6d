// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {Agreement} from "../Types.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {PaymentLib} from "./PaymentLib.sol";
import {ProductPacking} from "./ProductPacking.sol";
import {RoundingLib} from "./RoundingLib.sol";
import {ScheduleLib} from "./ScheduleLib.sol";

/// @title What an agreement may say
/// @notice Two layers: what a LoanBook can carry out at all, and what a product allows.
library TermsLib {
    using LoanPacking for Fixed;
    using ProductPacking for uint256;

    uint256 internal constant MAX_PERIODS = 480;
    uint256 internal constant MAX_PERIOD_MONTHS = 120;
    uint256 internal constant MAX_PERIOD_DAYS = 3_660;
    /// @dev Year 2243: leaves room for a long loan and long arrears within 17 bits.
    uint256 internal constant MAX_DAY = 100_000;
    /// @dev A first period of at most ten years.
    uint256 internal constant MAX_FIRST_PERIOD_DAYS = 3_660;
    uint256 internal constant MAX_ORIGINATION_WINDOW_DAYS = 3;
    uint256 internal constant MAX_PRINCIPAL_MINOR = 2 ** 44 - 1;
    /// @dev The last row may be twice the instalment and must fit 39 bits.
    uint256 internal constant MAX_INSTALMENT_MINOR = 2 ** 38 - 1;
    int256 internal constant WESTERNMOST_MINUTES = -12 * 60;
    int256 internal constant EASTERNMOST_MINUTES = 14 * 60;
    /// @dev Nobody reconsiders longer.
    uint256 internal constant MAX_COOLING_OFF_DAYS = 90;
    uint256 private constant PPM = 1e6;

    /// @notice Checks that the terms can be carried out, and packs what payments need of them.
    /// @param t gets all but the id of the conditions
    function read(Agreement calldata a, Fixed memory t) internal pure {
        _requireWords(a);
        uint256 principal = _within("principalMinor", a.principalMinor, 1, MAX_PRINCIPAL_MINOR);
        _within("ratePpm", a.ratePpm, 0, type(uint24).max);
        uint256 shape = _readShape(a);
        t.instalment = _readInstalment(a);
        uint256 charges = _readCharges(a);
        t.own = LoanPacking.packOwn(a.borrower, principal, a.disbursementDay, _readDays(a));
        t.conditions = shape | charges | _packPrice(a);
        _requireMultiple(a);
        _within("coolingOffDays", a.coolingOffDays, 0, MAX_COOLING_OFF_DAYS);
    }

    /// @notice Checks that loans begin on the product.
    /// @param caps as ProductPacking packs them
    function requireOffered(Agreement calldata a, uint256 caps) internal pure {
        if (!caps.isActive()) revert ILoanBook.ProductInactive(a.productId);
    }

    /// @notice Checks the terms against the caps of their product.
    /// @param caps as ProductPacking packs them
    function requireWithin(Agreement calldata a, uint256 caps) internal pure {
        if (!caps.offers(a.method)) revert ILoanBook.MethodNotOffered(a.productId, a.method);
        uint256 principal = a.principalMinor;
        if (principal > caps.maxPrincipalMinor()) {
            _outOfRange("principalMinor", principal, 1, caps.maxPrincipalMinor());
        }
        _within("ratePpm", a.ratePpm, 0, caps.maxRatePpm());
        if (a.periods > caps.maxPeriods()) _outOfRange("periods", a.periods, 1, caps.maxPeriods());
        _within("lateFeeMinor", a.lateFeeMinor, 0, caps.maxLateFeeMinor());
        _within("penaltyRatePpm", a.penaltyRatePpm, 0, caps.maxPenaltyRatePpm());
        _within("penaltyMaxDays", a.penaltyMaxDays, 0, caps.maxPenaltyDays());
        unchecked {
            _within("upfrontFeeMinor", a.upfrontFeeMinor, 0, (principal * caps.maxUpfrontFeePpm()) / PPM);
        }
    }

    /// @notice Checks what the loan costs in all against the cap of its product.
    /// @param rows of the schedule, at least one
    function requireCost(Agreement calldata a, uint256 caps, uint256[] memory rows) internal pure {
        uint256 cost = a.upfrontFeeMinor;
        assembly ("memory-safe") {
            let word := add(rows, 0x20)
            let end := add(word, shl(5, mload(rows)))
            for {} lt(word, end) {
                word := add(word, 0x20)
            } {
                cost := add(cost, shr(144, shl(144, mload(word)))) // interest, the lowest 112 bits
            }
        }
        unchecked {
            uint256 most = (a.principalMinor * caps.maxTotalCostPpm()) / PPM;
            if (cost > most) revert ILoanBook.TotalCostTooHigh(cost, most);
        }
    }

    /// @notice Checks that a schedule ends on a day that can be kept, and within the cap of its product.
    function requireTerm(uint256 disbursementDay, uint256 lastDueDay, uint256 maxTermDays) internal pure {
        unchecked {
            requireLastDueDay(lastDueDay);
            _within("termDays", lastDueDay - disbursementDay, 0, maxTermDays);
        }
    }

    /// @notice Checks that a schedule ends on a day that can be kept.
    function requireLastDueDay(uint256 lastDueDay) internal pure {
        _within("lastDueDay", lastDueDay, 0, ScheduleLib.LAST_DAY);
    }

    /// @notice Checks that the agreement may begin on a day.
    /// @dev However late in its window it begins, its first instalment is not overdue; that of a table may be due
    /// at once.
    function requireOriginationDay(Agreement calldata a, uint256 today) internal pure {
        unchecked {
            uint256 first = a.disbursementDay;
            uint256 last = a.latestOriginationDay;
            _within("latestOriginationDay", last, first, first + MAX_ORIGINATION_WINDOW_DAYS);
            uint256 soonest = MethodLib.isTable(a.method) ? last : last + 1;
            _within("firstDueDay", a.firstDueDay, soonest, first + MAX_FIRST_PERIOD_DAYS);
            if (today - first > last - first) revert ILoanBook.OutsideOriginationWindow(today, first, last);
        }
    }

    /// @dev Known words that go together.
    function _requireWords(Agreement calldata a) private pure {
        uint256 method = a.method;
        if (method > MethodLib.CUSTOM_FLAT) revert ILoanBook.UnsupportedMethod(method);
        if (a.periodUnit > MethodLib.DAY) revert ILoanBook.UnsupportedPeriodUnit(a.periodUnit);
        uint256 dayCount = a.dayCount;
        if (dayCount >= DayCountLib.MONTHS_360 && (dayCount > DayCountLib.MONTHS_360 || !_countsMonths(a))) {
            revert ILoanBook.UnsupportedDayCount(dayCount);
        }
        if (!RoundingLib.isKnown(a.rounding, method)) revert ILoanBook.UnsupportedRounding(a.rounding);
        if (!PaymentLib.isWaterfall(a.waterfall)) revert ILoanBook.InvalidWaterfall(a.waterfall);
    }

    function _readShape(Agreement calldata a) private pure returns (uint256) {
        uint256 method = a.method;
        uint256 unit = a.periodUnit;
        uint256 periods = a.periods;
        uint256 rest = a.interestOnlyPeriods;
        _within("periods", periods, 1, method == MethodLib.BULLET ? 1 : MAX_PERIODS);
        if (MethodLib.isTable(method)) {
            _within("periodUnit", unit, 0, 0);
            _within("periodLength", a.periodLength, 0, 0);
        } else {
            uint256 longest = unit == MethodLib.MONTH ? MAX_PERIOD_MONTHS : MAX_PERIOD_DAYS;
            _within("periodLength", a.periodLength, 1, longest);
        }
        unchecked {
            bool hasInstalment = MethodLib.hasInstalment(method);
            _within("interestOnlyPeriods", rest, 0, hasInstalment ? periods - 1 : 0);
            if (!hasInstalment) rest = periods - 1;
        }
        return LoanPacking.packShape(method, unit, a.periodLength, rest, a.rounding);
    }

    function _readInstalment(Agreement calldata a) private pure returns (uint256) {
        bool hasInstalment = MethodLib.hasInstalment(a.method);
        uint256 most = hasInstalment ? MAX_INSTALMENT_MINOR : 0;
        return _within("instalmentMinor", a.instalmentMinor, hasInstalment ? 1 : 0, most);
    }

    function _readCharges(Agreement calldata a) private pure returns (uint256) {
        uint256 grace = _within("graceDays", a.graceDays, 0, type(uint8).max);
        uint256 lateFee = _within("lateFeeMinor", a.lateFeeMinor, 0, type(uint32).max);
        uint256 rate = _within("penaltyRatePpm", a.penaltyRatePpm, 0, type(uint24).max);
        uint256 maxDays = _within("penaltyMaxDays", a.penaltyMaxDays, 0, type(uint16).max);
        return LoanPacking.packCharges(grace, lateFee, rate, maxDays, a.waterfall);
    }

    /// @return first as LoanPacking keeps the first due day
    function _readDays(Agreement calldata a) private pure returns (uint256 first) {
        _requireZone(a.timeZoneMinutes);
        bool countsMonths = _countsMonths(a);
        uint256 anchor = a.anchorDay;
        if (countsMonths) _within("anchorDay", anchor, 1, 31);
        else _within("anchorDay", anchor, 0, 0);
        uint256 start = _within("disbursementDay", a.disbursementDay, 0, MAX_DAY);
        first = a.firstDueDay;
        unchecked {
            uint256 soonest = MethodLib.isTable(a.method) ? start : start + 1;
            _within("firstDueDay", first, soonest, start + MAX_FIRST_PERIOD_DAYS);
        }
        if (countsMonths) {
            (uint256 month, ) = CalendarLib.civil(first);
            uint256 derived = CalendarLib.dueDay(month, anchor);
            if (first != derived) revert ILoanBook.FirstDueDayInconsistent(first, derived);
            first = LoanPacking.packMonths(month, anchor);
        }
    }

    function _requireZone(int256 zone) private pure {
        if (zone < WESTERNMOST_MINUTES || zone > EASTERNMOST_MINUTES) {
            revert ILoanBook.TimeZoneOutOfRange(zone);
        }
    }

    function _packPrice(Agreement calldata a) private pure returns (uint256) {
        uint256 facilityId = LoanPacking.facilityIdOf(a.lender, a.productId);
        return LoanPacking.packPrice(facilityId, a.ratePpm, a.periods, a.dayCount, a.timeZoneMinutes);
    }

    function _requireMultiple(Agreement calldata a) private pure {
        uint256 multiple = a.instalmentMultipleMinor;
        if (MethodLib.isTable(a.method)) {
            _within("instalmentMultipleMinor", multiple, 1, 1);
        } else if (multiple == 0 || a.instalmentMinor % multiple != 0) {
            revert ILoanBook.InstalmentNotMultiple(a.instalmentMinor, multiple);
        }
    }

    /// @dev Whether due days are an anchor day in months.
    function _countsMonths(Agreement calldata a) private pure returns (bool) {
        return a.periodUnit == MethodLib.MONTH && !MethodLib.isTable(a.method);
    }

    /// @dev One comparison for both ends: `least` is at most `most`.
    function _within(
        bytes32 term,
        uint256 value,
        uint256 least,
        uint256 most
    ) private pure returns (uint256) {
        unchecked {
            if (value - least > most - least) _outOfRange(term, value, least, most);
            return value;
        }
    }

    function _outOfRange(bytes32 term, uint256 value, uint256 least, uint256 most) private pure {
        revert ILoanBook.TermOutOfRange(term, value, least, most);
    }
}
