// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Words in memory
/// @notice For loops that know their bounds: without a test of each index, and without clearing what is filled at once.
library WordsLib {
    /// @notice An array that holds whatever lies there.
    function allocate(uint256 length) internal pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := mload(0x40)
            mstore(words, length)
            mstore(0x40, add(words, shl(5, add(length, 1))))
        }
    }

    /// @notice The words of a calldata array.
    function copyOf(uint256[] calldata given) internal pure returns (uint256[] memory words) {
        words = allocate(given.length);
        assembly ("memory-safe") {
            calldatacopy(add(words, 0x20), given.offset, shl(5, given.length))
        }
    }

    /// @notice Where the words of an array begin and end.
    function bounds(uint256[] memory words) internal pure returns (uint256 first, uint256 end) {
        assembly ("memory-safe") {
            first := add(words, 0x20)
            end := add(first, shl(5, mload(words)))
        }
    }

    /// @notice The word at a place of memory.
    function get(uint256 place) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    /// @notice Writes the word at a place of memory.
    function put(uint256 place, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }

    /// @notice A word of a calldata array.
    function at(uint256[] calldata words, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(words.offset, shl(5, index)))
        }
    }
}
