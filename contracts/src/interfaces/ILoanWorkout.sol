// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProductCaps} from "../Types.sol";

/// @title What lenders and officers decide: facilities, products, and what becomes of a loan that is not paid
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanWorkout {
    /// @notice What a lender lends on a product in all, and to one borrower (percent of that); 0 ends new loans.
    event FacilityChanged(
        address indexed lender,
        bytes32 indexed productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    );
    /// @notice The caps of a product from a UTC day on; loans already signed keep their terms.
    event ProductChanged(bytes32 indexed productId, uint256 fromDay, ProductCaps caps);
    /// @notice So much of the loan's principal is not expected back from now on, all told.
    event ImpairmentChanged(bytes32 indexed loan, uint256 impairedMinor);
    /// @notice Nothing is overdue any more: the loan is no longer in default.
    event LoanCured(bytes32 indexed loan);

    /// @notice The facility's number, the last 32 bits of a hash, is that of another lender's facility.
    error FacilityTaken(address lender, bytes32 productId, address holder);
    /// @notice A lender has at most so many facilities.
    error TooManyFacilities(address lender, uint256 most);

    /// @notice Lets a lender originate on a product, up to a limit; or changes the limit.
    /// @dev Restricted to RISK. Reverts FacilityTaken, TooManyFacilities, TermOutOfRange.
    /// @param lender an institution
    /// @param productId keccak256 of the product's name
    /// @param maxOutstandingMinor the most principal outstanding; 0 ends new loans
    /// @param maxBorrowerPercent of that, the most that one borrower may owe to all lenders together; 1 to 100
    function openFacility(
        address lender,
        bytes32 productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    ) external;

    /// @notice Sets what this contract caps for a product, at once or from a day on.
    /// @dev Restricted to RISK. Reverts TermOutOfRange. Caps that wait already are replaced.
    /// @param productId keccak256 of the product's name
    /// @param caps the caps
    /// @param fromDay the first UTC day on which they hold; any day until today means at once
    function setProduct(bytes32 productId, ProductCaps calldata caps, uint256 fromDay) external;
}
