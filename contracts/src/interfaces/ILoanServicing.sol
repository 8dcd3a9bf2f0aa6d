// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TableRow} from "../Types.sol";

/// @title What happens to a loan beside its ordinary payments
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanServicing {
    /// @notice Records that a loan has moved to another arrears bucket. Anyone may.
    /// @dev Reverts LoanNotActive, ArrearsUnchanged. It changes nothing that is owed.
    /// @param loan the loan id
    function recordArrears(bytes32 loan) external;

    /// @notice Records arrears of a loan by a table: as above, with the open row.
    /// @param loan the loan id
    /// @param rows the open row, or the whole table
    function recordArrears(bytes32 loan, TableRow[] calldata rows) external;
}
