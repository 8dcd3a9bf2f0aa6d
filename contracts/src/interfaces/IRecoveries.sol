// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a LoanBook needs of a fund whose cover comes back
interface IRecoveries {
    /// @notice Takes note of principal recovered of a covered loan; the cash is there already.
    /// @dev Must not revert for a LoanBook's own call: a repayment never waits for a fund.
    /// @param loan the loan id
    /// @param amountMinor minor units, at most what the fund paid for the loan and has not recovered yet
    function recovered(bytes32 loan, uint256 amountMinor) external;
}
