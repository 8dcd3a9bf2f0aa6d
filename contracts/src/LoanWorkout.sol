// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanWorkout} from "./interfaces/ILoanWorkout.sol";
import {LoanPacking} from "./libraries/LoanPacking.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {ProductCaps} from "./Types.sol";

/// @title What lenders and officers decide
/// @notice Documented in ILoanWorkout. A module of LoanBook.
contract LoanWorkout is ILoanWorkout, LoanStorage {
    using ProductPacking for uint256;

    /// @notice A pool's valuation walks over its facilities.
    uint256 public constant MAX_FACILITIES = 32;
    uint256 private constant PERCENT = 100;
    uint256 private constant LAST_PRODUCT_DAY = 2 ** 17 - 1;

    /// @notice The next module.
    address public immutable AGREEMENTS;

    /// @param neighbours whom it works with
    /// @param agreements the next module
    constructor(Neighbours memory neighbours, address agreements) LoanStorage(neighbours) {
        AGREEMENTS = agreements;
    }

    /// @notice Everything that is not a decision.
    fallback() external {
        _delegate(AGREEMENTS);
    }

    /// @inheritdoc ILoanWorkout
    function openFacility(
        address lender,
        bytes32 productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    ) external restricted {
        _within("maxOutstandingMinor", maxOutstandingMinor, 0, U44);
        _within("maxBorrowerPercent", maxBorrowerPercent, 1, PERCENT);
        uint256 id = LoanPacking.facilityIdOf(lender, productId);
        Facility storage facility = _facilities[id];
        address holder = facility.lender;
        if (holder == address(0)) _enter(lender, id);
        else if (holder != lender) revert FacilityTaken(lender, productId, holder);
        uint256 used = facility.line & U44;
        facility.lender = lender;
        facility.line = uint96(
            used | (maxOutstandingMinor << MOST_SHIFT) | (maxBorrowerPercent << PERCENT_SHIFT)
        );
        emit FacilityChanged(lender, productId, maxOutstandingMinor, maxBorrowerPercent);
    }

    /// @inheritdoc ILoanWorkout
    function setProduct(bytes32 productId, ProductCaps calldata caps, uint256 fromDay) external restricted {
        uint256 word = ProductPacking.pack(caps);
        Product storage product = _products[productId];
        uint256 today = block.timestamp / 1 days;
        if (fromDay <= today) {
            product.word = word;
            fromDay = today;
        } else {
            _within("fromDay", fromDay, 0, LAST_PRODUCT_DAY);
            uint256 current = product.word;
            uint256 nextDay = current.nextDay();
            if (nextDay != 0 && nextDay <= today) current = product.next;
            product.word = current.withNextDay(fromDay);
            product.next = word;
        }
        emit ProductChanged(productId, fromDay, caps);
    }

    function _enter(address lender, uint256 id) private {
        uint256[] storage ids = _facilitiesOf[lender];
        if (ids.length == MAX_FACILITIES) revert TooManyFacilities(lender, MAX_FACILITIES);
        ids.push(id);
    }

    function _within(bytes32 term, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert ILoanBook.TermOutOfRange(term, value, least, most);
    }
}
