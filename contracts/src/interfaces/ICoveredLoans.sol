// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement} from "../Types.sol";

/// @title What a GuaranteeFund needs of the LoanBook whose loans it covers
interface ICoveredLoans {
    /// @notice Counts a payment of a GuaranteeFund to the lender of a loan in default or written off.
    /// @dev Restricted to COVER.
    /// @param loanId the loan id
    /// @param amountMinor minor units, at most what is uncovered
    function applyCover(bytes32 loanId, uint256 amountMinor) external;

    /// @notice What of a loan a GuaranteeFund could cover.
    /// @param loanId the loan id
    /// @return borrower of the loan
    /// @return lender of the loan
    /// @return status as LoanView shows it
    /// @return uncoveredMinor principal that the lender lacks, minor units
    function uncovered(
        bytes32 loanId
    ) external view returns (address borrower, address lender, uint256 status, uint256 uncoveredMinor);

    /// @notice The EIP-712 digest of an agreement: the loan id.
    /// @param agreement the terms
    /// @return digest the loan id
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32 digest);
}
