// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, Cancellation, TableRow} from "../Types.sol";

/// @title Payments by bank entry, and what is taken back
/// @notice Part of LoanBook: called at its address, carried out on its storage. Where an act needs the rows of a loan
/// by a table it has a second form that brings them, as in ILoanServicing.
interface ILoanReturns {
    /// @notice The payment just told was by this bank entry, as of its value day; of its interest this much was carried
    /// over from before an amendment.
    event PaymentValued(
        bytes32 indexed loan,
        bytes32 indexed entry,
        uint256 carriedInterestMinor,
        uint256 valueDay
    );
    /// @notice The bank took a payment back: this is due again. Interest and principal are those of the rows that are
    /// open again, from wherever the loan stands; with the charges they are what the payment was.
    event PaymentReturned(
        bytes32 indexed loan,
        bytes32 indexed entry,
        uint256 lateFeeMinor,
        uint256 penaltyMinor,
        uint256 interestMinor,
        uint256 principalMinor,
        uint256 day
    );
    /// @notice The borrower withdrew and paid the amount, in it the interest of the days.
    event LoanCancelled(
        bytes32 indexed loan,
        address indexed payer,
        uint256 amountMinor,
        uint256 interestMinor,
        uint256 day
    );
    /// @notice The payout was rejected by the bank and is the lender's again.
    event LoanUnwound(bytes32 indexed loan, uint256 amountMinor, bytes32 indexed entry);

    /// @notice The bank's value day lies too far back, before the last payment, or ahead.
    error ValueDayOutOfRange(bytes32 loan, uint256 valueDay, uint256 firstDay, uint256 today);
    /// @notice A payment of this loan by this entry was booked before.
    error EntryUsed(bytes32 loan, bytes32 entry);
    /// @notice No payment of this loan was by this entry, or it was returned already.
    error NothingToReturn(bytes32 loan, bytes32 entry);
    /// @notice The loan runs on other terms than when the payment was made: both sides must agree on what follows.
    error ReturnAfterAmendment(bytes32 loan, bytes32 entry);
    /// @notice The payment is too long ago to be taken back.
    error ReturnTooLate(bytes32 loan, uint256 today, uint256 lastDay);
    /// @notice The agreement brought is not the one that the loan began with.
    error AgreementMismatch(bytes32 loan, bytes32 digest);
    /// @notice The loan no longer follows the agreement that it began with.
    error LoanAlreadyAmended(bytes32 loan, uint256 amendments);
    /// @notice The days in which the borrower may withdraw are over, or there are none.
    error CoolingOffOver(bytes32 loan, uint256 today, uint256 lastDay);
    /// @notice Of a loan that is unwound nothing may be paid.
    error LoanAlreadyPaid(bytes32 loan, uint256 row, uint256 paidRowMinor);
    /// @notice The payout is too long ago to have been rejected.
    error UnwindTooLate(bytes32 loan, uint256 today, uint256 lastDay);
    /// @notice The rejected payout is not the borrower's; zero: no payout was rejected under this entry.
    error RejectedForAnother(bytes32 entry, address subject, address borrower);
    /// @notice The rejected payout is less than what the loan paid out.
    error PaidOutMore(bytes32 loan, uint256 paidOutMinor, uint256 rejectedMinor);
    /// @notice A loan was unwound by this entry before.
    error EntryUnwound(bytes32 entry);

    /// @notice Pays a loan from the caller's own cash as of a bank's value day: lateness and charges count to that day.
    /// @dev Restricted to RAILS. Reverts LoanNotActive, ValueDayOutOfRange, EntryUsed, ZeroPayment, Overpayment,
    /// InsufficientCash.
    /// @param loan the loan id
    /// @param amountMinor minor units, all of it is applied
    /// @param valueDay days since 1970 in the loan's time zone, at most MAX_VALUE_DAYS back, not before the last
    /// payment or amendment
    /// @param entry keyed hash of the bank entry reference, by which the payment can be returned
    function repayValued(bytes32 loan, uint256 amountMinor, uint256 valueDay, bytes32 entry) external;

    /// @notice Pays a loan by a table as of a bank's value day: as above, with the rows as for repay.
    /// @dev Restricted to RAILS. Reverts as above, and RowMissing, RowProofInvalid.
    /// @param loan the loan id
    /// @param amountMinor minor units, all of it is applied
    /// @param valueDay days since 1970 in the loan's time zone
    /// @param entry keyed hash of the bank entry reference
    /// @param rows the open row and those after it, or the whole table
    function repayValued(
        bytes32 loan,
        uint256 amountMinor,
        uint256 valueDay,
        bytes32 entry,
        TableRow[] calldata rows
    ) external;

    /// @notice Takes a payment by bank entry back, because the bank did: the cash moves from the lender to the caller,
    /// and what was paid is due again, a loan that had ended included. The days until today bear no charge; lateness
    /// counts on from the due days.
    /// @dev Restricted to RAILS. Reverts LoanNotActive, NothingToReturn, ReturnAfterAmendment, ReturnTooLate,
    /// InsufficientCash.
    /// @param loan the loan id
    /// @param entry of the payment
    function returnPayment(bytes32 loan, bytes32 entry) external;

    /// @notice Takes a payment of a loan by a table back: as above, with its table.
    /// @dev Restricted to RAILS. Reverts as above, and RowCountMismatch, ScheduleRootMismatch.
    /// @param loan the loan id
    /// @param entry of the payment
    /// @param rows the words of the whole table
    function returnPayment(bytes32 loan, bytes32 entry, uint256[] calldata rows) external;

    /// @notice Withdraws from a loan within its cooling-off days, by the borrower's signature. Anyone may bring it.
    /// What was paid out is paid back with the interest of the days, no charges; what was paid of rows counts. When
    /// more was paid than that, nothing is owed, and the lender pays nothing back.
    /// @dev Reverts LoanNotActive, LoanAlreadyAmended, AgreementMismatch, CoolingOffOver, PayoffTooHigh,
    /// DeadlinePassed, NonceUsed, NonceTooFar, InvalidSignature, InsufficientCash.
    /// @param cancellation what the borrower signed
    /// @param agreement the terms that the loan began with
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the cancellation
    function cancelBySignature(
        Cancellation calldata cancellation,
        Agreement calldata agreement,
        bytes calldata signer,
        bytes calldata signature
    ) external;

    /// @notice Withdraws from a loan by a table: as above, with its table.
    /// @param cancellation what the borrower signed
    /// @param agreement the terms that the loan began with
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the cancellation
    /// @param rows the words of the whole table
    function cancelBySignature(
        Cancellation calldata cancellation,
        Agreement calldata agreement,
        bytes calldata signer,
        bytes calldata signature,
        uint256[] calldata rows
    ) external;

    /// @notice Undoes a loan whose payout the bank rejected: what was paid out moves back from borrower to lender, at
    /// no cost.
    /// @dev Restricted to RAILS. Reverts LoanNotActive, LoanAlreadyAmended, AgreementMismatch, LoanAlreadyPaid,
    /// UnwindTooLate, RejectedForAnother, PaidOutMore, EntryUnwound, InsufficientCash.
    /// @param loan the loan id
    /// @param agreement the terms that the loan began with
    /// @param entry keyed hash of the payout's reference, that CashToken knows as rejected
    function unwind(bytes32 loan, Agreement calldata agreement, bytes32 entry) external;
}
