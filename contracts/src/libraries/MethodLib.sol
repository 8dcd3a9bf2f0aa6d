// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The shapes a schedule can have
/// @notice Formulas give any row from a handful of numbers; a table is agreed row by row.
library MethodLib {
    /// @notice Equal instalments of principal and interest.
    uint256 internal constant ANNUITY = 0;
    /// @notice Equal parts of the principal, and interest on what is left.
    uint256 internal constant EQUAL_PRINCIPAL = 1;
    /// @notice Interest, and the whole principal with the last row.
    uint256 internal constant INTEREST_ONLY = 2;
    /// @notice One row.
    uint256 internal constant BULLET = 3;
    /// @notice Equal instalments; interest on the whole principal until the end.
    uint256 internal constant FLAT = 4;
    /// @notice A table; interest at most what accrues on the balance.
    uint256 internal constant CUSTOM = 5;
    /// @notice A table; interest at most what accrues on the whole principal.
    uint256 internal constant CUSTOM_FLAT = 6;

    /// @notice Periods of so many months.
    uint256 internal constant MONTH = 0;
    /// @notice Periods of so many days.
    uint256 internal constant DAY = 1;

    /// @notice Whether the rows are agreed one by one.
    function isTable(uint256 method) internal pure returns (bool) {
        return method >= CUSTOM;
    }

    /// @notice Whether an agreed instalment determines the rows.
    function hasInstalment(uint256 method) internal pure returns (bool) {
        return method <= EQUAL_PRINCIPAL || method == FLAT;
    }
}
