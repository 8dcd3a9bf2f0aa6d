// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement} from "../Types.sol";

/// @title Agreements beside the ordinary ones
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanAgreements {
    /// @notice The rows of a table, verified; comes before the LoanOriginated of the same loan.
    event ScheduleTable(bytes32 indexed loan, uint256[] rows);

    /// @notice Begins a loan by a table: as above, with the rows that the schedule root stands for.
    /// @dev Reverts UnsupportedMethod for a formula; the form above reverts RowCountMismatch for a table.
    /// @param agreement the terms
    /// @param borrowerSigner which of the subject's signers signed
    /// @param borrowerSignature by that signer
    /// @param lenderSignature what the lender's ERC-1271 accepts
    /// @param rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return loan the loan id
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature,
        uint256[] calldata rows
    ) external returns (bytes32 loan);
}
