// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {DeriveLib} from "./libraries/DeriveLib.sol";
import {Fixed, LoanPacking, Rolling} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {PaymentLib} from "./libraries/PaymentLib.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {LoanOrigination} from "./LoanOrigination.sol";
import {LoanPayments} from "./LoanPayments.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement, InvalidSignature, Payment, TableRow} from "./Types.sol";

/// @title Loans from origination to the last instalment
/// @notice Documented in ILoanBook. What ordinary loans need; everything else is in the modules: see LoanStorage.
contract LoanBook is ILoanBook, LoanOrigination, LoanPayments {
    using LoanPacking for *;

    /// @notice The most loans that one call collects.
    uint256 public constant MAX_COLLECTIONS = 200;
    /// @notice The first of the modules.
    address public immutable SERVICING;

    /// @param neighbours whom it works with
    /// @param servicing the first of the modules
    constructor(Neighbours memory neighbours, address servicing) LoanStorage(neighbours) {
        SERVICING = servicing;
    }

    /// @notice Everything that is not for ordinary loans.
    fallback() external {
        _delegate(SERVICING);
    }

    /// @inheritdoc ILoanBook
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) external nonReentrant returns (bytes32 loanId) {
        Fixed memory t;
        uint256 caps;
        (loanId, caps) = _requireTerms(agreement, t);
        if (MethodLib.isTable(t.method())) revert RowCountMismatch(0, t.periods());
        (uint256[] memory rows, bytes32 root) = DeriveLib.derive(t);
        _requireSchedule(agreement, caps, rows, root);
        _begin(loanId, t, caps, agreement, borrowerSigner, borrowerSignature, lenderSignature);
    }

    /// @inheritdoc ILoanBook
    function repay(bytes32 loanId, uint256 amountMinor) external {
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        _repay(loanId, s, t, amountMinor);
    }

    /// @inheritdoc ILoanBook
    function repay(bytes32 loanId, uint256 amountMinor, TableRow[] calldata rows) external {
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _repay(loanId, s, t, amountMinor);
    }

    /// @inheritdoc ILoanBook
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature
    ) external {
        _requireBefore(payment.deadline);
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(payment.loan, s, t);
        _repayBySignature(payment, signer, signature, s, t);
    }

    /// @inheritdoc ILoanBook
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature,
        TableRow[] calldata rows
    ) external {
        _requireBefore(payment.deadline);
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(payment.loan, s, t);
        TableLib.prove(t, s.row, rows, _tables[payment.loan]);
        _repayBySignature(payment, signer, signature, s, t);
    }

    /// @inheritdoc ILoanBook
    function collect(bytes32[] calldata loans) external nonReentrant returns (uint256 collected) {
        uint256 count = loans.length;
        if (count > MAX_COLLECTIONS) revert TooManyCollections(count, MAX_COLLECTIONS);
        for (uint256 i; i < count; ++i) {
            bytes32 loanId = loans[i];
            try this.collectOne(loanId) {
                ++collected;
            } catch (bytes memory reason) {
                emit CollectionFailed(loanId, reason);
            }
        }
    }

    /// @inheritdoc ILoanBook
    function collect(bytes32 loanId, TableRow[] calldata rows) external {
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _collectAlone(loanId, s, t);
    }

    /// @inheritdoc ILoanBook
    function collectOne(bytes32 loanId) external {
        if (msg.sender != address(this)) revert OnlySelf(msg.sender);
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        _collect(loanId, s, t);
    }

    /// @dev By the caller, from its own cash.
    function _repay(
        bytes32 loanId,
        Rolling memory s,
        Fixed memory t,
        uint256 amountMinor
    ) private nonReentrant {
        if (msg.sender != t.borrower()) _requireStanding(msg.sender);
        _payToday(loanId, s, t, msg.sender, amountMinor);
    }

    /// @dev By the borrower's order, from its cash.
    function _repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature,
        Rolling memory s,
        Fixed memory t
    ) private nonReentrant {
        PaymentLib.useNonce(s, payment.loan, payment.nonce);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(payment));
        address borrower = t.borrower();
        if (!IDENTITY.speaksFor(borrower, digest, signer, signature)) revert InvalidSignature(borrower);
        _payToday(payment.loan, s, t, borrower, payment.amountMinor);
    }

    /// @dev Of one loan, in a call of its own.
    function _collectAlone(bytes32 loanId, Rolling memory s, Fixed memory t) private nonReentrant {
        _collect(loanId, s, t);
    }

    /// @dev What is due by today, all of it, if the mandate allows so much.
    function _collect(bytes32 loanId, Rolling memory s, Fixed memory t) private {
        uint256 today = _today(t);
        uint256 mandate = _mandates[loanId];
        uint256 most = mandate & U44;
        if (most == 0 || mandate >> MOST_SHIFT < today) {
            revert MandateMissing(loanId, today, mandate >> MOST_SHIFT);
        }
        _payDue(loanId, s, t, most, today);
    }

    /// @dev A loan off the ordinary path is left to the module, with the whole call.
    function _loadOrdinary(bytes32 loanId, Rolling memory s, Fixed memory t) private {
        _load(loanId, s, t);
        if (s.status == ORDINARY) return;
        if (s.status == SPECIAL) _delegate(SERVICING);
        revert LoanNotActive(loanId, s.status);
    }
}
