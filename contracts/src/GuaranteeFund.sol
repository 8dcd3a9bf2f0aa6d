// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {ICoveredLoans} from "./interfaces/ICoveredLoans.sol";
import {CoverView, IGuaranteeFund} from "./interfaces/IGuaranteeFund.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Agreement, DeadlinePassed, Guarantee, InvalidSignature, Release} from "./Types.sol";

/// @title Cash that stands for other people's loans
/// @notice Documented in IGuaranteeFund.
contract GuaranteeFund is IGuaranteeFund, EIP712 {
    using SafeCast for uint256;
    using SafeERC20 for ICashToken;

    /// @dev Who stands for what; then the amounts, which share a slot.
    struct Cover {
        address guarantor;
        uint24 lastDay;
        uint8 kind;
        bool released;
        address lender;
        uint64 premium;
        uint64 cap;
        uint64 paid;
        uint64 recovered;
        uint64 withdrawn;
        bytes32 purpose; // of borrower, lender and the agreement's salt
        bytes32 loan;
    }

    /// @notice Guarantees that a loan can have.
    uint256 public constant MAX_COVERS = 8;
    /// @notice Of the cap: the most that a lender's key can sign away as a premium.
    uint256 public constant MAX_PREMIUM_PERCENT = 20;
    uint256 private constant INSURER = 1;
    uint256 private constant ACTIVE = 1;
    uint256 private constant DEFAULTED = 4;
    uint256 private constant WRITTEN_OFF = 5;

    /// @notice The currency.
    ICashToken public immutable CASH;
    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;
    /// @notice Whose loans are covered.
    ICoveredLoans public immutable LOAN_BOOK;

    mapping(bytes32 guarantee => Cover) private _covers;
    mapping(bytes32 loan => bytes32[] guarantees) private _coversOf;

    /// @param cash the currency
    /// @param identity who the parties are
    /// @param loanBook whose loans are covered; a later version has a fund of its own
    constructor(
        ICashToken cash,
        IIdentityRegistry identity,
        ICoveredLoans loanBook
    ) EIP712("Tallystick", "1") {
        CASH = cash;
        IDENTITY = identity;
        LOAN_BOOK = loanBook;
    }

    /// @inheritdoc IGuaranteeFund
    function bind(
        Guarantee calldata terms,
        bytes calldata guarantorSigner,
        bytes calldata guarantorSignature,
        bytes calldata lenderSignature
    ) external returns (bytes32 guarantee) {
        _requireTerms(terms);
        guarantee = guaranteeDigest(terms);
        if (_covers[guarantee].guarantor != address(0)) revert GuaranteeExists(guarantee);
        _requireLender(terms.lender, guarantee, lenderSignature);
        _requireGuarantor(terms.guarantor, guarantee, guarantorSigner, guarantorSignature);
        Cover storage c = _covers[guarantee];
        (c.guarantor, c.lastDay, c.kind) = (terms.guarantor, uint24(terms.lastDay), uint8(terms.kind));
        (c.lender, c.premium) = (terms.lender, uint64(terms.premiumMinor));
        c.cap = uint64(terms.maxMinor);
        c.purpose = keccak256(abi.encode(terms.borrower, terms.lender, terms.agreementSalt));
        emit GuaranteeBound(guarantee, terms.guarantor, terms.lender, terms);
        if (guarantorSigner.length == 0 && msg.sender != terms.guarantor) {
            CASH.safeTransferFrom(terms.guarantor, address(this), terms.maxMinor);
        } else {
            CASH.escrowTransfer(terms.guarantor, address(this), terms.maxMinor);
        }
    }

    /// @inheritdoc IGuaranteeFund
    function attach(bytes32 guarantee, Agreement calldata agreement) external {
        Cover storage c = _requireOpen(guarantee);
        bytes32 loan = LOAN_BOOK.agreementDigest(agreement);
        if (_today() > c.lastDay) revert GuaranteeExpired(guarantee, c.lastDay);
        if (c.loan != 0) revert GuaranteeAttachedBefore(guarantee, c.loan);
        bytes32 purpose = keccak256(abi.encode(agreement.borrower, agreement.lender, agreement.salt));
        if (c.purpose != purpose) revert WrongAgreement(guarantee, loan);
        (, , uint256 status, ) = LOAN_BOOK.uncovered(loan);
        if (status != ACTIVE) revert WrongLoanStatus(loan, status);
        c.loan = loan;
        _insert(_coversOf[loan], guarantee, c, agreement.principalMinor);
        uint256 premium = c.premium;
        emit GuaranteeAttached(guarantee, loan, premium);
        if (premium != 0) _payPremium(c.lender, c.guarantor, premium);
    }

    /// @inheritdoc IGuaranteeFund
    function callCover(bytes32 loan) external returns (uint256 paidMinor) {
        (, address lender, uint256 status, uint256 uncoveredMinor) = LOAN_BOOK.uncovered(loan);
        if (!_isCallable(status)) revert WrongLoanStatus(loan, status);
        bytes32[] storage guarantees = _coversOf[loan];
        for (uint256 i; i < guarantees.length; ++i) {
            Cover storage c = _covers[guarantees[i]];
            if (c.released || _today() > c.lastDay) continue;
            uint256 part = Math.min(c.cap - c.paid, uncoveredMinor - paidMinor);
            if (part == 0) continue;
            c.paid += uint64(part);
            paidMinor += part;
            emit CoverPaid(guarantees[i], loan, lender, part);
        }
        if (paidMinor == 0) revert NothingCovered(loan);
        CASH.escrowTransfer(address(this), lender, paidMinor);
        LOAN_BOOK.applyCover(loan, paidMinor);
    }

    /// @inheritdoc IGuaranteeFund
    function recovered(bytes32 loan, uint256 amountMinor) external {
        if (msg.sender != address(LOAN_BOOK)) revert NotLoanBook(msg.sender);
        bytes32[] storage guarantees = _coversOf[loan];
        for (uint256 i = guarantees.length; i != 0 && amountMinor != 0; --i) {
            Cover storage c = _covers[guarantees[i - 1]];
            uint256 part = Math.min(c.paid - c.recovered, amountMinor);
            if (part == 0) continue;
            c.recovered += uint64(part);
            amountMinor -= part;
            emit CoverRecovered(guarantees[i - 1], loan, part);
        }
        if (amountMinor != 0) revert RecoveryTooLarge(loan, amountMinor);
    }

    /// @inheritdoc IGuaranteeFund
    function release(bytes32 guarantee) external {
        Cover storage c = _requireOpen(guarantee);
        if (msg.sender != c.lender && _today() <= c.lastDay && !_ended(c.loan)) {
            revert NotReleasable(guarantee);
        }
        _release(guarantee, c);
    }

    /// @inheritdoc IGuaranteeFund
    function releaseBySignature(Release calldata order, bytes calldata lenderSignature) external {
        if (block.timestamp > order.deadline) revert DeadlinePassed(order.deadline, block.timestamp);
        Cover storage c = _requireOpen(order.guarantee);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(order));
        if (!IDENTITY.speaksFor(c.lender, digest, lenderSignature[:0], lenderSignature)) {
            revert InvalidSignature(c.lender);
        }
        _release(order.guarantee, c);
    }

    /// @inheritdoc IGuaranteeFund
    function withdraw(bytes32 guarantee) external returns (uint256 amountMinor) {
        Cover storage c = _covers[guarantee];
        amountMinor = _withdrawable(c);
        c.withdrawn += uint64(amountMinor);
        emit GuaranteeWithdrawn(guarantee, c.guarantor, amountMinor);
        if (amountMinor != 0) CASH.escrowTransfer(address(this), c.guarantor, amountMinor);
    }

    /// @inheritdoc IGuaranteeFund
    function cover(bytes32 guarantee) external view returns (CoverView memory view_) {
        Cover memory c = _covers[guarantee];
        return
            CoverView({
                guarantor: c.guarantor,
                lender: c.lender,
                kind: c.kind,
                lastDay: c.lastDay,
                loan: c.loan,
                capMinor: c.cap,
                paidMinor: c.paid,
                recoveredMinor: c.recovered,
                withdrawnMinor: c.withdrawn,
                released: c.released
            });
    }

    /// @inheritdoc IGuaranteeFund
    function coversOf(bytes32 loan) external view returns (bytes32[] memory guarantees) {
        return _coversOf[loan];
    }

    /// @inheritdoc IGuaranteeFund
    function withdrawable(bytes32 guarantee) external view returns (uint256 amountMinor) {
        return _withdrawable(_covers[guarantee]);
    }

    /// @inheritdoc IGuaranteeFund
    function guaranteeDigest(Guarantee calldata terms) public view returns (bytes32 digest) {
        return _hashTypedDataV4(TypedDataLib.hash(terms));
    }

    /// @dev Guarantors stand before insurers, each kind in the order in which it came.
    function _insert(
        bytes32[] storage guarantees,
        bytes32 guarantee,
        Cover storage c,
        uint256 principalMinor
    ) private {
        uint256 count = guarantees.length;
        if (count == MAX_COVERS) revert TooManyCovers(c.loan, MAX_COVERS);
        uint256 total = c.cap;
        for (uint256 i; i < count; ++i) total += _covers[guarantees[i]].cap;
        if (total > principalMinor) revert Overcovered(c.loan, total, principalMinor);
        guarantees.push(guarantee);
        if (c.kind == INSURER) return;
        for (; count != 0 && _covers[guarantees[count - 1]].kind == INSURER; --count) {
            guarantees[count] = guarantees[count - 1];
        }
        guarantees[count] = guarantee;
    }

    /// @dev By way of the fund, which moves nothing that does not touch it.
    function _payPremium(address lender, address guarantor, uint256 premiumMinor) private {
        if (!IDENTITY.mayTransact(lender)) revert PartyNotInStanding(lender);
        CASH.escrowTransfer(lender, address(this), premiumMinor);
        CASH.escrowTransfer(address(this), guarantor, premiumMinor);
    }

    function _release(bytes32 guarantee, Cover storage c) private {
        c.released = true;
        emit GuaranteeReleased(guarantee, c.cap - c.paid);
    }

    function _requireLender(address lender, bytes32 digest, bytes calldata signature) private view {
        if (!IDENTITY.mayTransact(lender)) revert PartyNotInStanding(lender);
        if (!IDENTITY.speaksFor(lender, digest, signature[:0], signature)) revert InvalidSignature(lender);
    }

    function _requireGuarantor(
        address guarantor,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) private view {
        if (!IDENTITY.mayTransact(guarantor)) revert PartyNotInStanding(guarantor);
        if (msg.sender == guarantor) return;
        if (!IDENTITY.speaksFor(guarantor, digest, signer, signature)) revert InvalidSignature(guarantor);
    }

    function _requireOpen(bytes32 guarantee) private view returns (Cover storage c) {
        c = _covers[guarantee];
        if (c.guarantor == address(0) || c.released) revert GuaranteeNotOpen(guarantee);
    }

    function _requireTerms(Guarantee calldata t) private view {
        if (block.timestamp > t.deadline) revert DeadlinePassed(t.deadline, block.timestamp);
        if (t.kind > INSURER) revert UnknownKind(t.kind);
        if (t.guarantor == t.borrower || t.guarantor == t.lender) revert OwnLoan(t.guarantor);
        uint256 maxPremium = (uint256(t.maxMinor.toUint64()) * MAX_PREMIUM_PERCENT) / 100;
        if (t.maxMinor == 0 || t.premiumMinor > maxPremium) {
            revert PremiumOutOfRange(t.premiumMinor, t.maxMinor, maxPremium);
        }
        if (t.lastDay < _today() || t.lastDay > type(uint24).max) {
            revert GuaranteeExpired(guaranteeDigest(t), t.lastDay);
        }
    }

    /// @dev Neither active nor lost: nothing can be called for it any more.
    function _ended(bytes32 loan) private view returns (bool) {
        if (loan == 0) return false;
        (, , uint256 status, ) = LOAN_BOOK.uncovered(loan);
        return status != ACTIVE && !_isCallable(status);
    }

    function _withdrawable(Cover storage c) private view returns (uint256) {
        uint256 unspent = c.released ? c.cap - c.paid : 0;
        return unspent + c.recovered - c.withdrawn;
    }

    function _today() private view returns (uint256) {
        return block.timestamp / 1 days;
    }

    /// @dev A write-off changes nothing for guarantees: the lender lacks its principal either way.
    function _isCallable(uint256 status) private pure returns (bool) {
        return status == DEFAULTED || status == WRITTEN_OFF;
    }
}
