// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanServicing} from "./interfaces/ILoanServicing.sol";
import {PaymentLib} from "./libraries/PaymentLib.sol";
import {LoanPacking} from "./libraries/LoanPacking.sol";
import {SettlementLib} from "./libraries/SettlementLib.sol";
import {SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Case, LoanActs} from "./LoanActs.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Mandate, Payment, Payoff, Settlement, TableRow} from "./Types.sol";

/// @title What happens to a loan beside its ordinary payments
/// @notice Documented in ILoanServicing. A module of LoanBook, which leaves it the payments of loans that have a
/// special word too: those functions are documented in ILoanBook.
contract LoanServicing is ILoanServicing, LoanActs {
    using LoanPacking for *;

    uint256 private constant LAST_MANDATE_DAY = 2 ** 17 - 1;

    /// @notice The next module.
    address public immutable RETURNS;

    /// @param neighbours whom it works with
    /// @param returns_ the next module
    constructor(Neighbours memory neighbours, address returns_) LoanStorage(neighbours) {
        RETURNS = returns_;
    }

    /// @notice Everything that is not servicing.
    fallback() external {
        _delegate(RETURNS);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @param loanId the loan id
    /// @param amountMinor minor units
    function repay(bytes32 loanId, uint256 amountMinor) external nonReentrant {
        _repay(_hold(loanId), amountMinor);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @param loanId the loan id
    /// @param amountMinor minor units
    /// @param rows the open row and those after it, or the whole table
    function repay(bytes32 loanId, uint256 amountMinor, TableRow[] calldata rows) external nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _repay(k, amountMinor);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @param payment what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the payment
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature
    ) external nonReentrant {
        _repayBySignature(_hold(payment.loan), payment, signer, signature);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @param payment what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the payment
    /// @param rows the open row and those after it, or the whole table
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature,
        TableRow[] calldata rows
    ) external nonReentrant {
        Case memory k = _hold(payment.loan);
        _bring(k, rows);
        _repayBySignature(k, payment, signer, signature);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @param loanId the loan id
    /// @param rows the open row and those after it, or the whole table
    function collect(bytes32 loanId, TableRow[] calldata rows) external nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _collect(k);
    }

    /// @notice As documented in ILoanBook, for a loan off the ordinary path.
    /// @dev The guard is held by the collection of many that this is one of.
    /// @param loanId the loan id
    function collectOne(bytes32 loanId) external {
        if (msg.sender != address(this)) revert ILoanBook.OnlySelf(msg.sender);
        _collect(_hold(loanId));
    }

    /// @inheritdoc ILoanServicing
    function recordArrears(bytes32 loanId) external nonReentrant {
        _recordArrears(_hold(loanId));
    }

    /// @inheritdoc ILoanServicing
    function recordArrears(bytes32 loanId, TableRow[] calldata rows) external nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _recordArrears(k);
    }

    /// @inheritdoc ILoanServicing
    function setMandate(
        Mandate calldata mandate,
        bytes calldata signer,
        bytes calldata signature
    ) external nonReentrant {
        _requireBefore(mandate.deadline);
        _within("maxAmountMinor", mandate.maxAmountMinor, 0, U44);
        _within("lastDay", mandate.lastDay, 0, LAST_MANDATE_DAY);
        Case memory k = _hold(mandate.loan);
        PaymentLib.useNonce(k.s, mandate.loan, mandate.nonce);
        _requireBorrower(k, TypedDataLib.hash(mandate), signer, signature);
        _loans[mandate.loan].rolling = k.s.pack();
        _mandates[mandate.loan] = mandate.maxAmountMinor | (mandate.lastDay << MOST_SHIFT);
        emit MandateSet(mandate.loan, mandate.maxAmountMinor, mandate.lastDay);
    }

    /// @inheritdoc ILoanServicing
    function settle(bytes32 loanId, uint256 maxAmountMinor) external nonReentrant {
        _settleAsCaller(_hold(loanId), maxAmountMinor);
    }

    /// @inheritdoc ILoanServicing
    function settle(bytes32 loanId, uint256 maxAmountMinor, uint256[] calldata rows) external nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _settleAsCaller(k, maxAmountMinor);
    }

    /// @inheritdoc ILoanServicing
    function settleBySignature(
        Settlement calldata settlement,
        bytes calldata signer,
        bytes calldata signature
    ) external nonReentrant {
        _settleBySignature(_hold(settlement.loan), settlement, signer, signature);
    }

    /// @inheritdoc ILoanServicing
    function settleBySignature(
        Settlement calldata settlement,
        bytes calldata signer,
        bytes calldata signature,
        uint256[] calldata rows
    ) external nonReentrant {
        Case memory k = _hold(settlement.loan);
        _bring(k, rows);
        _settleBySignature(k, settlement, signer, signature);
    }

    /// @dev By the caller, from its own cash.
    function _repay(Case memory k, uint256 amountMinor) private {
        _requirePayer(k);
        _stand(k, _today(k.t));
        _payCase(k, msg.sender, amountMinor);
    }

    /// @dev By the borrower's order, from its cash.
    function _repayBySignature(
        Case memory k,
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature
    ) private {
        _requireBefore(payment.deadline);
        PaymentLib.useNonce(k.s, k.loan, payment.nonce);
        _requireBorrower(k, TypedDataLib.hash(payment), signer, signature);
        _stand(k, _today(k.t));
        _payCase(k, k.t.borrower(), payment.amountMinor);
    }

    /// @dev What is due by today, all of it, if the mandate allows so much.
    function _collect(Case memory k) private {
        uint256 today = _today(k.t);
        uint256 mandate = _mandates[k.loan];
        uint256 most = mandate & U44;
        uint256 lastDay = mandate >> MOST_SHIFT;
        if (most == 0 || lastDay < today) revert ILoanBook.MandateMissing(k.loan, today, lastDay);
        _stand(k, today);
        _accrue(k);
        uint256 due = PaymentLib.dueBy(k.t, k.s, k.c, today) + k.x.carriedInterest;
        if (due == 0) revert ILoanBook.NothingDue(k.loan, today);
        if (due > most) revert ILoanBook.MandateExceeded(k.loan, due, most);
        _payCase(k, k.t.borrower(), due);
    }

    function _recordArrears(Case memory k) private {
        _stand(k, _today(k.t));
        uint256 before = k.s.bucket;
        uint256 daysLate = _rebucket(k, false);
        if (k.s.bucket == before) {
            revert ILoanBook.ArrearsUnchanged(k.loan, before == WAS_LATE ? 0 : before);
        }
        _loans[k.loan].rolling = k.s.pack();
        _noteBucket(k.loan, k.t, before, k.s.bucket, daysLate);
    }

    /// @dev By the caller, from its own cash.
    function _settleAsCaller(Case memory k, uint256 most) private {
        _requirePayer(k);
        _settle(k, msg.sender, most);
    }

    /// @dev By the borrower's order, from its cash.
    function _settleBySignature(
        Case memory k,
        Settlement calldata settlement,
        bytes calldata signer,
        bytes calldata signature
    ) private {
        _requireBefore(settlement.deadline);
        PaymentLib.useNonce(k.s, k.loan, settlement.nonce);
        _requireBorrower(k, TypedDataLib.hash(settlement), signer, signature);
        _settle(k, k.t.borrower(), settlement.maxAmountMinor);
    }

    function _settle(Case memory k, address payer, uint256 most) private {
        _stand(k, _today(k.t));
        _accrue(k);
        Payoff memory p = SettlementLib.payoff(k.t, k.s, k.x, _outstanding(k), k.day);
        if (p.totalMinor > most) revert PayoffTooHigh(k.loan, p.totalMinor, most);
        emit LoanSettled(
            k.loan,
            payer,
            p.lateFeeMinor,
            p.penaltyMinor,
            p.interestMinor,
            p.principalMinor,
            p.rebateMinor,
            k.day
        );
        uint256 toFund = _endPrincipal(k, p.principalMinor - p.rebateMinor);
        _conclude(k, SpecialPacking.SETTLED);
        _close(k);
        _transfer(k, payer, p.totalMinor, toFund);
    }

    /// @dev Anyone in standing pays, a frozen party only its own loan.
    function _requirePayer(Case memory k) private view {
        if (msg.sender != k.t.borrower()) _requireStanding(msg.sender);
    }
}
