// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Mandate, Settlement, TableRow} from "../Types.sol";

/// @title What happens to a loan beside its ordinary payments
/// @notice Part of LoanBook: called at its address, carried out on its storage. Where an act needs the rows of a loan
/// by a table it has a second form that brings them: as the open row and those after it, each with its proof
/// (TableRow[]), or as the words of the whole table (uint256[]). The form without them reverts RowMissing for a table
/// whose rows it reads, the form with them UnsupportedMethod for a loan by a formula.
interface ILoanServicing {
    /// @notice The borrower lets be collected what is due until a day, so much at once; 0 ends that.
    event MandateSet(bytes32 indexed loan, uint256 maxAmountMinor, uint256 lastDay);
    /// @notice The loan was paid off before its end: all outstanding principal, of which the rebate was not paid.
    event LoanSettled(
        bytes32 indexed loan,
        address indexed payer,
        uint256 lateFeeMinor,
        uint256 penaltyMinor,
        uint256 interestMinor,
        uint256 principalMinor,
        uint256 rebateMinor,
        uint256 day
    );
    /// @notice Principal paid on a loan that is written off or covered, and whose it was; follows the payment's event.
    event RecoveryPassed(bytes32 indexed loan, uint256 toLenderMinor, uint256 toFundMinor);

    /// @notice More is to be paid today than the order allows.
    error PayoffTooHigh(bytes32 loan, uint256 payoffMinor, uint256 maxAmountMinor);

    /// @notice Records that a loan has moved to another arrears bucket. Anyone may.
    /// @dev Reverts LoanNotActive, ArrearsUnchanged. It changes nothing that is owed.
    /// @param loan the loan id
    function recordArrears(bytes32 loan) external;

    /// @notice Records arrears of a loan by a table: as above, with the open row.
    /// @param loan the loan id
    /// @param rows the open row, or the whole table
    function recordArrears(bytes32 loan, TableRow[] calldata rows) external;

    /// @notice Lets anyone collect what is due on a loan from its borrower's cash, up to so much at once until a day.
    /// Anyone may bring what the borrower signed. It replaces the loan's mandate.
    /// @dev Reverts LoanNotActive, DeadlinePassed, TermOutOfRange, NonceUsed, NonceTooFar, InvalidSignature.
    /// @param mandate what the borrower signed; an amount of 0 withdraws it
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the mandate
    function setMandate(Mandate calldata mandate, bytes calldata signer, bytes calldata signature) external;

    /// @notice Pays a loan off from the caller's own cash, exactly at the payoff of the day. Anyone may; a frozen party
    /// only its own loan. See `payoff`.
    /// @dev Reverts LoanNotActive, PayoffTooHigh, PartyNotInStanding, InsufficientCash.
    /// @param loan the loan id
    /// @param maxAmountMinor the most to pay
    function settle(bytes32 loan, uint256 maxAmountMinor) external;

    /// @notice Pays a loan by a table off: as above, with its table.
    /// @dev Reverts RowCountMismatch, ScheduleRootMismatch too.
    /// @param loan the loan id
    /// @param maxAmountMinor the most to pay
    /// @param rows the words of the whole table
    function settle(bytes32 loan, uint256 maxAmountMinor, uint256[] calldata rows) external;

    /// @notice Pays a loan off from its borrower's cash by the borrower's signature. Anyone may bring it.
    /// @dev Reverts as settle, and DeadlinePassed, NonceUsed, NonceTooFar, InvalidSignature.
    /// @param settlement what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the settlement
    function settleBySignature(
        Settlement calldata settlement,
        bytes calldata signer,
        bytes calldata signature
    ) external;

    /// @notice Pays a loan by a table off by the borrower's signature: as above, with its table.
    /// @param settlement what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the settlement
    /// @param rows the words of the whole table, not signed: they prove themselves
    function settleBySignature(
        Settlement calldata settlement,
        bytes calldata signer,
        bytes calldata signature,
        uint256[] calldata rows
    ) external;
}
