// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, LoanView, Payoff, Position, ProductCaps, Stop, TableRow} from "../Types.sol";

/// @title What can be read of loans
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanViews {
    /// @notice The state of a loan as last touched.
    /// @param loanId the loan id
    /// @return view_ all zero when there is no such loan
    function loan(bytes32 loanId) external view returns (LoanView memory view_);

    /// @notice The state of a loan by a table as last touched.
    /// @param loanId the loan id
    /// @param rows the open row, none when all are paid; or the whole table
    /// @return view_ all zero when there is no such loan
    function loan(bytes32 loanId, TableRow[] calldata rows) external view returns (LoanView memory view_);

    /// @notice What a loan would owe on a day if nothing happened until then.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @return totalMinor everything until the last instalment, with charges
    /// @return overdueMinor unpaid rows due before the day, and charges
    /// @return currentDueMinor what is unpaid of the first row due on the day or later
    function owed(
        bytes32 loanId,
        uint256 day
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor);

    /// @notice What a loan by a table would owe on a day if nothing happened until then.
    /// @dev Reverts RowCountMismatch, ScheduleRootMismatch when the rows are not the loan's table.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @param rows the whole table
    /// @return totalMinor everything until the last instalment, with charges
    /// @return overdueMinor unpaid rows due before the day, and charges
    /// @return currentDueMinor what is unpaid of the first row due on the day or later
    function owed(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor);

    /// @notice What settles a loan on a day: valid for that whole day of its time zone if nothing is paid before.
    /// @dev Reverts LoanNotActive.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @return payoff_ the parts and their total
    function payoff(bytes32 loanId, uint256 day) external view returns (Payoff memory payoff_);

    /// @notice What settles a loan by a table on a day: as above, with its table.
    /// @dev Reverts LoanNotActive, RowCountMismatch, ScheduleRootMismatch when the rows are not the loan's table.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @param rows the words of the whole table
    /// @return payoff_ the parts and their total
    function payoff(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (Payoff memory payoff_);

    /// @notice What of a loan guarantees could cover now.
    /// @param loanId the loan id
    /// @return borrower of the loan; all zero when there is no such loan
    /// @return lender of the loan
    /// @return status as LoanView shows it
    /// @return uncoveredMinor principal of a loan in default or written off that neither borrower nor guarantees have
    /// paid; 0 of any other
    function uncovered(
        bytes32 loanId
    ) external view returns (address borrower, address lender, uint256 status, uint256 uncoveredMinor);

    /// @notice When the clocks of all loans stood still: pauses that are over, and proven halts of the ledger.
    /// @return stops_ oldest first, none overlapping another
    /// @return pausedSince of a pause that still lasts, UTC seconds; 0 when there is none
    function stops() external view returns (Stop[] memory stops_, uint256 pausedSince);

    /// @notice Open loans of a subject and the principal reserved for them in the CreditRegistry.
    /// @param subject the person
    /// @return openLoans number
    /// @return reservedMinor sum of principals, each in full until its loan closes
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor);

    /// @notice The schedule of an agreement by a formula.
    /// @dev Reverts UnsupportedMethod for a table.
    /// @param agreement the terms; signatures, window and caps are not looked at
    /// @return rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root keccak256 of the words one after another
    function deriveSchedule(
        Agreement calldata agreement
    ) external view returns (uint256[] memory rows, bytes32 root);

    /// @notice Checks the table of an agreement: days ascend, the principal adds up, and no row asks for more interest
    /// than the agreed rate has accrued by then.
    /// @dev Reverts UnsupportedMethod for a formula.
    /// @param agreement the terms; signatures, window, caps and schedule root are not looked at
    /// @param rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root their Merkle root
    function verifyTable(
        Agreement calldata agreement,
        uint256[] calldata rows
    ) external view returns (bytes32 root);

    /// @notice The EIP-712 digest of an agreement: the loan id.
    /// @param agreement the terms
    /// @return digest the loan id
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32 digest);

    /// @notice The caps of a product.
    /// @param productId keccak256 of the product's name
    /// @return caps those in force, all zero when unknown
    /// @return next those that wait, all zero when none do
    /// @return nextDay the UTC day on which they take effect, 0 when none wait
    function product(
        bytes32 productId
    ) external view returns (ProductCaps memory caps, ProductCaps memory next, uint256 nextDay);

    /// @notice What a lender lends on a product.
    /// @param lender an institution
    /// @param productId keccak256 of the product's name
    /// @return outstandingMinor principal lent on it and not paid back
    /// @return maxOutstandingMinor the most of it
    /// @return maxBorrowerPercent of that, the most that one borrower may owe to all lenders together
    function facility(
        address lender,
        bytes32 productId
    )
        external
        view
        returns (uint256 outstandingMinor, uint256 maxOutstandingMinor, uint256 maxBorrowerPercent);

    /// @notice What a lender has lent over all its facilities, and what became of it.
    /// @param lender an institution
    /// @return position_ principal
    function position(address lender) external view returns (Position memory position_);
}
