// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CreditPacking} from "./CreditPacking.sol";

/// @title The dynamic limit: from what the ledger saw of a subject to the next scale of its limit
/// @notice Documented in ICreditRegistry.step; `contracts/credit` is the same in Python.
library LimitLib {
    using CreditPacking for uint256;

    uint256 internal constant COOLDOWN_SECONDS = 30 days;
    uint256 internal constant MIN_SCALE = 25; // percent of the report's limit
    uint256 internal constant MAX_SCALE = 150;
    uint256 internal constant MAX_STEP = 25; // points, either way
    uint256 internal constant GOOD_REPAYMENT_POINTS = 10;
    uint256 internal constant HIGH_UTILISATION_POINTS = 5;
    uint256 internal constant FREQUENT_REPORTS_POINTS = 5;
    uint256 internal constant LATE_POINTS = 10;
    uint256 internal constant SERIOUSLY_LATE_POINTS = 25;
    uint256 internal constant HIGH_UTILISATION_PERCENT = 80;
    uint256 internal constant FREQUENT_REPORTS = 3; // at least, and
    uint256 internal constant FREQUENT_SECONDS = 30 days; // on average sooner one after the other than this

    uint256 internal constant GOOD_REPAYMENT = 1;
    uint256 internal constant HIGH_UTILISATION = 2;
    uint256 internal constant FREQUENT_APPLICATIONS = 4;
    uint256 internal constant LATE = 8;
    uint256 internal constant SERIOUSLY_LATE = 16;
    uint256 internal constant WRITTEN_OFF = 32;

    uint256 private constant PERCENT = 100;
    uint256 private constant PPM = 1_000_000;

    /// @notice The limit that applies: the report's, scaled for the subject and for the market, rounded down.
    function effectiveLimit(uint256 hot, uint256 marketFactorPpm) internal pure returns (uint256 limitMinor) {
        unchecked {
            limitMinor = (hot.limitOf() * hot.scale() * marketFactorPpm) / (PERCENT * PPM); // below 2^80
        }
        if (limitMinor > CreditPacking.MAX_MINOR) limitMinor = CreditPacking.MAX_MINOR;
    }

    /// @notice Why the scale moves: a bit for each reason.
    function reasonsFor(
        uint256 hot,
        uint256 cold,
        uint256 limitMinor,
        uint256 nowAt
    ) internal pure returns (uint256 reasons) {
        if (_rose(cold, CreditPacking.WRITTEN_OFF, CreditPacking.SEEN_WRITTEN_OFF)) reasons = WRITTEN_OFF;
        if (_roseLate(cold, CreditPacking.LATE_60) || _roseLate(cold, CreditPacking.LATE_90)) {
            reasons |= SERIOUSLY_LATE;
        } else if (_roseLate(cold, CreditPacking.LATE_1) || _roseLate(cold, CreditPacking.LATE_30)) {
            reasons |= LATE;
        } else if (
            reasons == 0 && hot.counter(CreditPacking.ON_TIME) > cold.counter(CreditPacking.SEEN_ON_TIME)
        ) {
            reasons = GOOD_REPAYMENT;
        }
        if (hot.reservedMinor() * PERCENT > limitMinor * HIGH_UTILISATION_PERCENT)
            reasons |= HIGH_UTILISATION;
        uint256 reports = cold.sequence() - cold.seenSequence();
        if (reports >= FREQUENT_REPORTS && nowAt - cold.steppedAt() < reports * FREQUENT_SECONDS) {
            reasons |= FREQUENT_APPLICATIONS;
        }
    }

    /// @notice The scale after a step for these reasons.
    function nextScale(uint256 percent, uint256 reasons) internal pure returns (uint256) {
        if (reasons & WRITTEN_OFF != 0) return MIN_SCALE;
        uint256 up = reasons & GOOD_REPAYMENT != 0 ? GOOD_REPAYMENT_POINTS : 0;
        uint256 down;
        if (reasons & HIGH_UTILISATION != 0) down += HIGH_UTILISATION_POINTS;
        if (reasons & FREQUENT_APPLICATIONS != 0) down += FREQUENT_REPORTS_POINTS;
        if (reasons & LATE != 0) down += LATE_POINTS;
        if (reasons & SERIOUSLY_LATE != 0) down += SERIOUSLY_LATE_POINTS;
        if (down > up + MAX_STEP) down = up + MAX_STEP;
        uint256 wanted = percent + up;
        wanted = wanted > down + MIN_SCALE ? wanted - down : MIN_SCALE;
        return wanted > MAX_SCALE ? MAX_SCALE : wanted;
    }

    /// @dev A late counter's seen value stands where the counter does, seven bytes up.
    function _roseLate(uint256 cold, uint256 at) private pure returns (bool) {
        return _rose(cold, at, at + CreditPacking.SEEN_LATE_1);
    }

    /// @dev A full counter may have risen unseen: it counts as if it had.
    function _rose(uint256 cold, uint256 at, uint256 seenAt) private pure returns (bool) {
        uint256 count = cold.counter(at);
        return count > cold.counter(seenAt) || count == CreditPacking.FULL_COUNTER;
    }
}
