// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Split} from "./PaymentLib.sol";

/// @title How a payment by a bank entry was split, in one slot
/// @notice Lowest bits first: late fee 28, penalty 28, carried interest 44, interest and principal of rows 48, value
/// day 17, the loan's amendments by then 8, whether it was returned 1, and a bit that is always set.
library ReturnPacking {
    uint256 private constant U8 = type(uint8).max;
    uint256 private constant U17 = 2 ** 17 - 1;
    uint256 private constant U28 = 2 ** 28 - 1;
    uint256 private constant U44 = 2 ** 44 - 1;
    uint256 private constant U48 = type(uint48).max;
    uint256 private constant RETURNED = 1 << 173;
    uint256 private constant KEPT = 1 << 174;

    /// @notice Under which key the word is kept.
    function keyOf(bytes32 loan, bytes32 entry) internal pure returns (bytes32) {
        return keccak256(abi.encode(loan, entry));
    }

    /// @notice Writes the word.
    function pack(
        Split memory p,
        uint256 carriedMinor,
        uint256 valueDay_,
        uint256 amendments_
    ) internal pure returns (uint256) {
        uint256 rows_ = p.interest - carriedMinor + p.principal;
        uint256 low = p.lateFee | (p.penalty << 28) | (carriedMinor << 56) | (rows_ << 100);
        return low | (valueDay_ << 148) | (amendments_ << 165) | KEPT;
    }

    /// @notice The word of a payment that was returned.
    function asReturned(uint256 word) internal pure returns (uint256) {
        return word | RETURNED;
    }

    /// @notice Whether there is a payment that can still be returned.
    function isOpen(uint256 word) internal pure returns (bool) {
        return word & (RETURNED | KEPT) == KEPT;
    }

    /// @notice What it paid of late fees.
    function lateFee(uint256 word) internal pure returns (uint256) {
        return word & U28;
    }

    /// @notice What it paid of penalties.
    function penalty(uint256 word) internal pure returns (uint256) {
        return (word >> 28) & U28;
    }

    /// @notice What it paid of interest carried over from before an amendment.
    function carried(uint256 word) internal pure returns (uint256) {
        return (word >> 56) & U44;
    }

    /// @notice What it paid of rows, interest and principal.
    function rows(uint256 word) internal pure returns (uint256) {
        return (word >> 100) & U48;
    }

    /// @notice The day of which it was.
    function valueDay(uint256 word) internal pure returns (uint256) {
        return (word >> 148) & U17;
    }

    /// @notice How often the loan had been amended by then.
    function amendments(uint256 word) internal pure returns (uint256) {
        return (word >> 165) & U8;
    }
}
