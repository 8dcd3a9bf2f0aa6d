// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MethodLib} from "./MethodLib.sol";

/// @title Rounding to the minor unit
/// @notice The rounding word of an agreement, nibbles from the lowest: mode, residue, levelling.
/// @dev Levelling says how the instalment was found: phone and audit check it, the contract takes it as signed.
library RoundingLib {
    uint256 internal constant HALF_UP = 0;
    uint256 internal constant HALF_EVEN = 1;
    uint256 internal constant UP = 2;
    uint256 internal constant DOWN = 3;

    uint256 private constant MODE = 0xf;
    uint256 private constant RESIDUE_FIRST = 0x10;
    uint256 private constant LEVELLING_EXACT = 0x100;

    /// @notice Whether a method can have this rounding word.
    function isKnown(uint256 rounding, uint256 method) internal pure returns (bool) {
        uint256 allowed = MODE;
        if (method == MethodLib.EQUAL_PRINCIPAL) allowed |= RESIDUE_FIRST;
        if (!MethodLib.isTable(method)) allowed |= LEVELLING_EXACT;
        return modeOf(rounding) <= DOWN && rounding & ~allowed == 0;
    }

    /// @notice What becomes of a fraction of a minor unit.
    function modeOf(uint256 rounding) internal pure returns (uint256) {
        return rounding & MODE;
    }

    /// @notice Whether the first row that repays principal takes what equal parts leave over.
    function isResidueFirst(uint256 rounding) internal pure returns (bool) {
        return rounding & RESIDUE_FIRST != 0;
    }

    /// @notice product / divisor by a mode.
    /// @param divisor even, not zero
    function divide(uint256 product, uint256 divisor, uint256 mode) internal pure returns (uint256 quotient) {
        unchecked {
            if (mode == HALF_UP) return divideHalfUp(product, divisor);
            if (mode == UP) return _divide(product + divisor - 1, divisor);
            quotient = _divide(product, divisor);
            if (mode == HALF_EVEN) {
                uint256 rest = product - quotient * divisor;
                if (2 * rest + (quotient & 1) > divisor) ++quotient;
            }
        }
    }

    /// @notice product / divisor, a half upwards.
    /// @param divisor even, not zero
    function divideHalfUp(uint256 product, uint256 divisor) internal pure returns (uint256) {
        unchecked {
            return _divide(product + (divisor >> 1), divisor);
        }
    }

    /// @dev Without a test for zero.
    function _divide(uint256 product, uint256 divisor) private pure returns (uint256 quotient) {
        assembly ("memory-safe") {
            quotient := div(product, divisor)
        }
    }
}
