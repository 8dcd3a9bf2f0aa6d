// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanAgreements} from "./interfaces/ILoanAgreements.sol";
import {Fixed} from "./libraries/LoanPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {LoanOrigination} from "./LoanOrigination.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement} from "./Types.sol";

/// @title Agreements beside the ordinary ones
/// @notice Documented in ILoanAgreements. A module of LoanBook.
contract LoanAgreements is ILoanAgreements, LoanOrigination {
    /// @notice The next module.
    address public immutable AMENDMENTS;

    /// @param neighbours whom it works with
    /// @param amendments the next module
    constructor(Neighbours memory neighbours, address amendments) LoanStorage(neighbours) {
        AMENDMENTS = amendments;
    }

    /// @notice Everything that is not about agreements.
    fallback() external {
        _delegate(AMENDMENTS);
    }

    /// @inheritdoc ILoanAgreements
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature,
        uint256[] calldata rows
    ) external nonReentrant returns (bytes32 loanId) {
        Fixed memory t;
        uint256 caps;
        (loanId, caps) = _requireTerms(agreement, t);
        bytes32 root = TableLib.verify(t, rows);
        _requireSchedule(agreement, caps, rows, root);
        _tables[loanId] = root;
        emit ScheduleTable(loanId, rows);
        _begin(loanId, t, caps, agreement, borrowerSigner, borrowerSignature, lenderSignature);
    }
}
