// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Amendment} from "../Types.sol";

/// @title New terms for what is left of a loan
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanAmendments {
    /// @notice What an amendment found owed on the day from which the new terms run, and what stays owed beside their
    /// schedule. Minor units.
    struct Amended {
        uint256 principalMinor; // outstanding
        uint256 interestMinor; // earned and not paid, with what was carried over before
        uint256 lateFeeMinor;
        uint256 penaltyMinor;
        uint256 rebateMinor; // interest paid ahead that is not earned: less principal
        uint256 carriedInterestMinor; // stays owed, without interest of its own
    }

    /// @notice Both sides signed new terms for what is left of the loan. The principal of the new terms is
    /// `principalMinor - rebateMinor` with the capitalised part and the new money; of penalty, late fee and interest,
    /// in this order, what joins the principal or is waived ends, and the rest stays owed.
    event LoanAmended(bytes32 indexed loan, uint256 indexed sequence, Amended found, Amendment amendment);

    /// @notice The terms name another party, product or time zone than the loan's.
    error TermsOfAnotherLoan(bytes32 loan, bytes32 term);
    /// @notice The amendment does not follow the loan's last one.
    error WrongSequence(bytes32 loan, uint256 sequence, uint256 expected);
    /// @notice More would join the principal or be waived than is owed besides it.
    error MoreThanAccrued(bytes32 loan, uint256 takenMinor, uint256 owedMinor);

    /// @notice Puts what is left of a loan under new terms, by both sides' signatures over the amendment.
    /// @dev The new terms run from their disbursement day, which is today or up to three days ago and not before the
    /// last payment. They keep borrower, lender, currency, time zone and product, whose caps of the day hold; without
    /// new money the product need not be sold any more and a frozen party may amend. Their schedule begins with its
    /// first row; nonces and mandate stay. New money is paid out less the upfront fee, and reserved under the terms'
    /// score report. Nothing is late under new terms; that the loan was late stays known. A default ends. Reverts
    /// LoanNotActive, WrongSequence, TermsOfAnotherLoan, DeadlinePassed, OutsideOriginationWindow, TermOutOfRange (of
    /// the new terms, the sequence, principal, fee, or interest carried over), MoreThanAccrued, ScheduleRootMismatch,
    /// TotalCostTooHigh, FacilityExceeded, InvalidSignature, PartyNotInStanding, KycTooLow, as reserving does, and as
    /// checking the rows of a table does.
    /// @param amendment what both sides signed
    /// @param borrowerSigner which of the subject's signers signed
    /// @param borrowerSignature by that signer
    /// @param lenderSignature what the lender's ERC-1271 accepts
    /// @param oldRows the whole table of the loan so far, empty for a formula
    /// @param newRows the rows of the new terms by a table, empty for a formula
    function amend(
        Amendment calldata amendment,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature,
        uint256[] calldata oldRows,
        uint256[] calldata newRows
    ) external;
}
