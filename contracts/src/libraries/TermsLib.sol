// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {Agreement, ProductCaps} from "../Types.sol";
import {CalendarLib} from "./CalendarLib.sol";
import {Fixed} from "./LoanPacking.sol";
import {PaymentLib} from "./PaymentLib.sol";
import {ScheduleLib} from "./ScheduleLib.sol";

/// @title What an agreement may say
/// @notice Two layers: what a LoanBook can carry out at all, and what a product allows.
library TermsLib {
    uint256 internal constant METHOD_ANNUITY = 0;
    uint256 internal constant PERIOD_MONTH = 0;
    uint256 internal constant MAX_PERIODS = 480;
    /// @dev Year 2243: leaves room for a long loan and long arrears within 17 bits.
    uint256 internal constant MAX_DAY = 100_000;
    /// @dev A first period of at most three months.
    uint256 internal constant MAX_FIRST_PERIOD_DAYS = 92;
    uint256 internal constant MAX_ORIGINATION_WINDOW_DAYS = 3;
    uint256 internal constant MAX_PRINCIPAL_MINOR = 2 ** 44 - 1;
    /// @dev The last row may be twice the instalment and must fit 39 bits.
    uint256 internal constant MAX_INSTALMENT_MINOR = 2 ** 38 - 1;
    int256 internal constant WESTERNMOST_MINUTES = -12 * 60;
    int256 internal constant EASTERNMOST_MINUTES = 14 * 60;
    uint256 private constant PPM = 1e6;

    /// @notice Checks that the terms can be carried out, and picks what payments need of them.
    /// @param t gets all but the lender's id
    function read(Agreement calldata a, Fixed memory t) internal pure {
        if (a.method != METHOD_ANNUITY) revert ILoanBook.UnsupportedMethod(a.method);
        if (a.periodUnit != PERIOD_MONTH) revert ILoanBook.UnsupportedPeriodUnit(a.periodUnit);
        if (a.dayCount > ScheduleLib.THIRTY_E_360) revert ILoanBook.UnsupportedDayCount(a.dayCount);
        if (a.rounding != 0) revert ILoanBook.UnsupportedRounding(a.rounding);
        if (!PaymentLib.isWaterfall(a.waterfall)) revert ILoanBook.InvalidWaterfall(a.waterfall);
        t.borrower = a.borrower;
        t.principal = _within("principalMinor", a.principalMinor, 1, MAX_PRINCIPAL_MINOR);
        t.rate = _within("ratePpm", a.ratePpm, 0, type(uint24).max);
        t.periods = _within("periods", a.periods, 1, MAX_PERIODS);
        _within("periodLength", a.periodLength, 1, 1);
        _within("interestOnlyPeriods", a.interestOnlyPeriods, 0, 0);
        t.dayCount = a.dayCount;
        t.instalment = _within("instalmentMinor", a.instalmentMinor, 1, MAX_INSTALMENT_MINOR);
        t.grace = _within("graceDays", a.graceDays, 0, type(uint8).max);
        t.lateFee = _within("lateFeeMinor", a.lateFeeMinor, 0, type(uint32).max);
        t.penaltyRate = _within("penaltyRatePpm", a.penaltyRatePpm, 0, type(uint24).max);
        t.penaltyMaxDays = _within("penaltyMaxDays", a.penaltyMaxDays, 0, type(uint16).max);
        t.waterfall = a.waterfall;
        _readDays(a, t);
        uint256 multiple = a.instalmentMultipleMinor;
        if (multiple == 0 || a.instalmentMinor % multiple != 0) {
            revert ILoanBook.InstalmentNotMultiple(a.instalmentMinor, multiple);
        }
    }

    /// @notice Checks the terms against the caps of their product.
    function requireWithin(Agreement calldata a, ProductCaps storage caps) internal view {
        if (!caps.active) revert ILoanBook.ProductInactive(a.productId);
        _within("principalMinor", a.principalMinor, 1, caps.maxPrincipalMinor);
        _within("ratePpm", a.ratePpm, 0, caps.maxRatePpm);
        _within("periods", a.periods, 1, caps.maxPeriods);
        _within("lateFeeMinor", a.lateFeeMinor, 0, caps.maxLateFeeMinor);
        _within("penaltyRatePpm", a.penaltyRatePpm, 0, caps.maxPenaltyRatePpm);
        _within("upfrontFeeMinor", a.upfrontFeeMinor, 0, (a.principalMinor * caps.maxUpfrontFeePpm) / PPM);
    }

    /// @notice Checks that the agreement may begin on a day.
    /// @dev However late in its window it begins, its first instalment is not overdue.
    function requireOriginationDay(Agreement calldata a, uint256 today) internal pure {
        uint256 first = a.disbursementDay;
        uint256 last = a.latestOriginationDay;
        _within("latestOriginationDay", last, first, first + MAX_ORIGINATION_WINDOW_DAYS);
        _within("firstDueDay", a.firstDueDay, last + 1, first + MAX_FIRST_PERIOD_DAYS);
        if (today < first || today > last) revert ILoanBook.OutsideOriginationWindow(today, first, last);
    }

    function _readDays(Agreement calldata a, Fixed memory t) private pure {
        int256 zone = a.timeZoneMinutes;
        if (zone < WESTERNMOST_MINUTES || zone > EASTERNMOST_MINUTES)
            revert ILoanBook.TimeZoneOutOfRange(zone);
        t.timeZone = zone;
        t.anchor = _within("anchorDay", a.anchorDay, 1, 31);
        uint256 start = _within("disbursementDay", a.disbursementDay, 0, MAX_DAY);
        t.disbursementDay = start;
        uint256 firstDueDay = a.firstDueDay;
        _within("firstDueDay", firstDueDay, start + 1, start + MAX_FIRST_PERIOD_DAYS);
        (uint256 month, uint256 date) = CalendarLib.civil(firstDueDay);
        uint256 derivedDate = CalendarLib.dueDate(CalendarLib.monthLength(month), t.anchor);
        if (date != derivedDate) {
            revert ILoanBook.FirstDueDayInconsistent(firstDueDay, firstDueDay + derivedDate - date);
        }
        t.firstMonth = month;
    }

    function _within(
        bytes32 term,
        uint256 value,
        uint256 least,
        uint256 most
    ) private pure returns (uint256) {
        if (value < least || value > most) revert ILoanBook.TermOutOfRange(term, value, least, most);
        return value;
    }
}
