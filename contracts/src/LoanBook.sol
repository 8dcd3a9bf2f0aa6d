// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {DeriveLib} from "./libraries/DeriveLib.sol";
import {Fixed, LoanPacking, PackedLoan, Rolling} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {PaymentLib} from "./libraries/PaymentLib.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {LoanPayments} from "./LoanPayments.sol";
import {Neighbours} from "./LoanStorage.sol";
import {Agreement, InvalidSignature, Payment, TableRow} from "./Types.sol";

/// @title Loans from origination to the last instalment
/// @notice Documented in ILoanBook. What ordinary loans need; everything else is in the modules: see LoanStorage.
contract LoanBook is ILoanBook, LoanPayments {
    using LoanPacking for *;
    using ProductPacking for uint256;

    /// @notice The most loans that one call collects.
    uint256 public constant MAX_COLLECTIONS = 200;
    /// @notice The first of the modules.
    address public immutable SERVICING;

    /// @dev A loan off the ordinary path is left to the module.
    modifier ordinary(bytes32 loanId) {
        if (_loans[loanId].rolling & SPECIAL == SPECIAL) _delegate(SERVICING);
        _;
    }

    /// @param neighbours whom it works with
    /// @param servicing the first of the modules
    constructor(Neighbours memory neighbours, address servicing) LoanPayments(neighbours) {
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

    /// @inheritdoc ILoanBook
    function repay(bytes32 loanId, uint256 amountMinor) external ordinary(loanId) nonReentrant {
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        _repay(loanId, s, t, amountMinor);
    }

    /// @inheritdoc ILoanBook
    function repay(
        bytes32 loanId,
        uint256 amountMinor,
        TableRow[] calldata rows
    ) external ordinary(loanId) nonReentrant {
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
        ) external ordinary(payment.loan) nonReentrant {
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
        ) external ordinary(payment.loan) nonReentrant {
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
    function collect(
        bytes32 loanId,
        TableRow[] calldata rows
    ) external ordinary(loanId) nonReentrant {
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _collect(loanId, s, t);
    }

    /// @inheritdoc ILoanBook
    function collectOne(bytes32 loanId) external ordinary(loanId) {
        if (msg.sender != address(this)) revert OnlySelf(msg.sender);
        Rolling memory s;
        Fixed memory t;
        _loadOrdinary(loanId, s, t);
        _collect(loanId, s, t);
    }

    /// @dev The agreement is new, can be carried out, is allowed, and begins today.
    function _requireTerms(
        Agreement calldata a,
        Fixed memory t
    ) private view returns (bytes32 loanId, uint256 caps) {
        loanId = _hashTypedDataV4(TypedDataLib.hash(a));
        if (_loans[loanId].rolling != 0) revert LoanExists(loanId);
        _requireBefore(a.deadline);
        if (a.currency != address(CASH)) revert UnsupportedCurrency(a.currency);
        TermsLib.read(a, t);
        caps = _capsOf(a.productId);
        TermsLib.requireWithin(a, caps);
        TermsLib.requireOriginationDay(a, _today(t));
    }

    /// @dev The schedule is the signed one and ends in time.
    function _requireSchedule(
        Agreement calldata a,
        uint256 caps,
        uint256[] memory rows,
        bytes32 root
    ) private pure {
        TermsLib.requireTerm(a.disbursementDay, rows[rows.length - 1] >> 224, caps.maxTermDays());
        TermsLib.requireCost(a, caps, rows);
        if (root != a.scheduleRoot) revert ScheduleRootMismatch(a.scheduleRoot, root);
    }

    /// @dev Both sides may and do sign: the loan stands, and the money is paid out.
    function _begin(
        bytes32 loanId,
        Fixed memory t,
        uint256 caps,
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) private {
        uint256 minKycLevel = caps.minKycLevel();
        uint256 kycLevel = _requireParty(agreement.borrower, loanId, borrowerSigner, borrowerSignature);
        if (kycLevel < minKycLevel) revert KycTooLow(agreement.borrower, kycLevel, minKycLevel);
        Facility storage facility = _facilities[t.facilityId()];
        if (facility.lender != agreement.lender) revert UnknownFacility(agreement.lender, agreement.productId);
        _requireParty(agreement.lender, loanId, lenderSignature[:0], lenderSignature); // it has no signer
        _draw(agreement, facility);
        _open(loanId, t);
        _emitOriginated(loanId, agreement);
        CASH.bookTransfer(
            agreement.lender,
            agreement.borrower,
            agreement.principalMinor - agreement.upfrontFeeMinor
        );
    }

    /// @dev The party may draw, and the signature speaks for it.
    function _requireParty(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) private view returns (uint256) {
        (bool speaks, bool inStanding, uint256 kycLevel) = IDENTITY.speaksInStanding(
            party,
            digest,
            signer,
            signature
        );
        if (!inStanding) revert PartyNotInStanding(party);
        if (!speaks) revert InvalidSignature(party);
        return kycLevel;
    }

    /// @dev The limits of the borrower and of the facility hold, and are used.
    function _draw(Agreement calldata a, Facility storage facility) private {
        uint256 principal = a.principalMinor;
        uint256 line = facility.line;
        uint256 most = (line >> MOST_SHIFT) & U44;
        unchecked {
            uint256 used = line & U44;
            if (used + principal > most) {
                uint256 available = most > used ? most - used : 0;
                revert FacilityExceeded(a.lender, a.productId, principal, available);
            }
            facility.line = uint96(line + principal);
            most = (most * (line >> PERCENT_SHIFT)) / 100;
        }
        uint256 reserved = CREDIT.reserve(a.borrower, a.scoreReport, principal);
        if (reserved > most) revert BorrowerLimitExceeded(a.borrower, reserved, most);
    }

    function _open(bytes32 loanId, Fixed memory t) private {
        PackedLoan storage stored = _loans[loanId];
        stored.rolling = LoanPacking.packBeginning(ORDINARY, t.principal(), t.disbursementDay(), t.instalment);
        stored.own = LoanPacking.withConditions(t.own, _idOfConditions(t.conditions));
    }

    /// @dev As `emit LoanOriginated(loanId, borrower, lender, agreement)`, without re-encoding the thirty-three words
    /// that lie in calldata as they shall lie in the log.
    function _emitOriginated(bytes32 loanId, Agreement calldata agreement) private {
        bytes32 topic = LoanOriginated.selector;
        address borrower = agreement.borrower;
        address lender = agreement.lender;
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, agreement, 0x420)
            log4(start, 0x420, topic, loanId, borrower, lender)
        }
    }

    /// @dev Conditions that many loans share are kept once: a loan refers to them by a number.
    function _idOfConditions(uint256 conditions) private returns (uint256 conditionsId) {
        conditionsId = _conditionsIds[conditions];
        if (conditionsId == 0) {
            conditionsId = ++_conditionsCount;
            if (conditionsId > LoanPacking.MAX_CONDITIONS) revert ConditionsExhausted(conditionsId);
            _conditionsIds[conditions] = conditionsId;
            _conditions[conditionsId] = conditions;
        }
    }

    /// @dev By the caller, from its own cash.
    function _repay(bytes32 loanId, Rolling memory s, Fixed memory t, uint256 amountMinor) private {
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
    ) private {
        PaymentLib.useNonce(s, payment.loan, payment.nonce);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(payment));
        address borrower = t.borrower();
        if (!IDENTITY.speaksFor(borrower, digest, signer, signature)) revert InvalidSignature(borrower);
        _payToday(payment.loan, s, t, borrower, payment.amountMinor);
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

    function _capsOf(bytes32 productId) private view returns (uint256 caps) {
        Product storage product = _products[productId];
        caps = product.word;
        uint256 nextDay = caps.nextDay();
        if (nextDay != 0 && block.timestamp / 1 days >= nextDay) caps = product.next;
    }

    function _loadOrdinary(bytes32 loanId, Rolling memory s, Fixed memory t) private view {
        _load(loanId, s, t);
        if (s.status != ORDINARY) revert LoanNotActive(loanId, s.status);
    }
}
