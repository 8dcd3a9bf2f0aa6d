// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a loan has beside its rolling slot once it left the ordinary path.
struct Special {
    uint256 kind; // see SpecialPacking
    uint256 impaired; // of the outstanding principal, not expected back
    uint256 carriedInterest; // owed since before an amendment
    uint256 covered; // of the principal, paid by guarantees and not recovered by them yet
    uint256 amendments;
    uint256 writtenOff; // of the principal, the lender's loss not recovered yet
    uint256 unreserved; // of the principal, takes no room in the borrower's limit
}

/// @title The word of a loan off the ordinary path, and of how it ended
/// @notice Lowest bits first: kind 4, impaired 44, carriedInterest 44, covered 44, amendments 8, writtenOff 44,
/// unreserved 44.
library SpecialPacking {
    uint256 internal constant ACTIVE = 0;
    uint256 internal constant DEFAULTED = 1;
    uint256 internal constant WRITTEN_OFF = 2;
    uint256 internal constant SETTLED = 3;
    uint256 internal constant CANCELLED = 4;
    uint256 internal constant UNWOUND = 5;

    uint256 private constant U4 = 2 ** 4 - 1;
    uint256 private constant U8 = type(uint8).max;
    uint256 private constant U44 = 2 ** 44 - 1;

    /// @notice Reads the word.
    function unpack(uint256 word) internal pure returns (Special memory x) {
        x.kind = word & U4;
        x.impaired = (word >> 4) & U44;
        x.carriedInterest = (word >> 48) & U44;
        x.covered = (word >> 92) & U44;
        x.amendments = (word >> 136) & U8;
        x.writtenOff = (word >> 144) & U44;
        x.unreserved = (word >> 188) & U44;
    }

    /// @notice Writes the word.
    function pack(Special memory x) internal pure returns (uint256) {
        uint256 low = x.kind | (x.impaired << 4) | (x.carriedInterest << 48) | (x.covered << 92);
        return low | (x.amendments << 136) | (x.writtenOff << 144) | (x.unreserved << 188);
    }

    /// @notice Whether a running loan needs nothing of the word when it is paid.
    function isOrdinary(Special memory x) internal pure returns (bool) {
        return x.kind | x.impaired | x.carriedInterest | x.covered | x.writtenOff | x.unreserved == 0;
    }
}
