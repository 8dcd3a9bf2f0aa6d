// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {ProductCaps} from "../Types.sol";

/// @title The caps of a product in one slot
/// @notice Lowest bits first: rate 24, upfront fee 24, penalty rate 24, penalty days 16, late fee 32, total cost 24,
/// periods 9, principal 44, KYC level 8, active 1, methods 8, term days 16, and of the word in force the day on which
/// the next one takes its place 17 (0 when none waits).
library ProductPacking {
    uint256 private constant U8 = type(uint8).max;
    uint256 private constant U9 = 2 ** 9 - 1;
    uint256 private constant U16 = type(uint16).max;
    uint256 private constant U17 = 2 ** 17 - 1;
    uint256 private constant U24 = type(uint24).max;
    uint256 private constant U32 = type(uint32).max;
    uint256 private constant U44 = 2 ** 44 - 1;
    uint256 private constant NEXT_SHIFT = 230;

    /// @notice Writes the caps. Reverts TermOutOfRange for one that its field does not hold.
    function pack(ProductCaps calldata c) internal pure returns (uint256 word) {
        word = _fit("maxRatePpm", c.maxRatePpm, U24);
        word |= _fit("maxUpfrontFeePpm", c.maxUpfrontFeePpm, U24) << 24;
        word |= _fit("maxPenaltyRatePpm", c.maxPenaltyRatePpm, U24) << 48;
        word |= _fit("maxPenaltyDays", c.maxPenaltyDays, U16) << 72;
        word |= _fit("maxLateFeeMinor", c.maxLateFeeMinor, U32) << 88;
        word |= _fit("maxTotalCostPpm", c.maxTotalCostPpm, U24) << 120;
        word |= _fit("maxPeriods", c.maxPeriods, U9) << 144;
        word |= _fit("maxPrincipalMinor", c.maxPrincipalMinor, U44) << 153;
        word |= _fit("minKycLevel", c.minKycLevel, U8) << 197;
        word |= c.active ? 1 << 205 : 0;
        word |= _fit("methods", c.methods, U8) << 206;
        word |= _fit("maxTermDays", c.maxTermDays, U16) << 214;
    }

    /// @notice Reads the caps.
    function unpack(uint256 word) internal pure returns (ProductCaps memory c) {
        c.maxRatePpm = maxRatePpm(word);
        c.maxUpfrontFeePpm = maxUpfrontFeePpm(word);
        c.maxPenaltyRatePpm = maxPenaltyRatePpm(word);
        c.maxPenaltyDays = maxPenaltyDays(word);
        c.maxLateFeeMinor = maxLateFeeMinor(word);
        c.maxTotalCostPpm = maxTotalCostPpm(word);
        c.maxPeriods = maxPeriods(word);
        c.maxPrincipalMinor = maxPrincipalMinor(word);
        c.minKycLevel = minKycLevel(word);
        c.active = isActive(word);
        c.methods = (word >> 206) & U8;
        c.maxTermDays = maxTermDays(word);
    }

    /// @notice The word in force with the day on which the next one takes its place.
    function withNextDay(uint256 word, uint256 day) internal pure returns (uint256) {
        return (word & ~(U17 << NEXT_SHIFT)) | (day << NEXT_SHIFT);
    }

    /// @notice UTC day on which the waiting caps take effect, 0 when none wait.
    function nextDay(uint256 word) internal pure returns (uint256) {
        return (word >> NEXT_SHIFT) & U17;
    }

    /// @notice Interest, ppm a year.
    function maxRatePpm(uint256 word) internal pure returns (uint256) {
        return word & U24;
    }

    /// @notice Upfront fee, ppm of the principal.
    function maxUpfrontFeePpm(uint256 word) internal pure returns (uint256) {
        return (word >> 24) & U24;
    }

    /// @notice Penalty, ppm a year.
    function maxPenaltyRatePpm(uint256 word) internal pure returns (uint256) {
        return (word >> 48) & U24;
    }

    /// @notice Days after which a row's penalty must stop growing.
    function maxPenaltyDays(uint256 word) internal pure returns (uint256) {
        return (word >> 72) & U16;
    }

    /// @notice Minor units for a late row.
    function maxLateFeeMinor(uint256 word) internal pure returns (uint256) {
        return (word >> 88) & U32;
    }

    /// @notice Interest and upfront fee, ppm of the principal.
    function maxTotalCostPpm(uint256 word) internal pure returns (uint256) {
        return (word >> 120) & U24;
    }

    /// @notice Number of rows.
    function maxPeriods(uint256 word) internal pure returns (uint256) {
        return (word >> 144) & U9;
    }

    /// @notice Minor units.
    function maxPrincipalMinor(uint256 word) internal pure returns (uint256) {
        return (word >> 153) & U44;
    }

    /// @notice How well the borrower must be known.
    function minKycLevel(uint256 word) internal pure returns (uint256) {
        return (word >> 197) & U8;
    }

    /// @notice Whether loans begin on the product.
    function isActive(uint256 word) internal pure returns (bool) {
        return (word >> 205) & 1 != 0;
    }

    /// @notice Whether the product is sold with a method.
    function offers(uint256 word, uint256 method) internal pure returns (bool) {
        return (word >> (206 + method)) & 1 != 0;
    }

    /// @notice From the disbursement to the last due day.
    function maxTermDays(uint256 word) internal pure returns (uint256) {
        return (word >> 214) & U16;
    }

    function _fit(bytes32 cap, uint256 value, uint256 most) private pure returns (uint256) {
        if (value > most) revert ILoanBook.TermOutOfRange(cap, value, 0, most);
        return value;
    }
}
