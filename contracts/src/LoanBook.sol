// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {ICreditRegistry} from "./interfaces/ICreditRegistry.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {DeriveLib} from "./libraries/DeriveLib.sol";
import {Fixed, LoanPacking, PackedLoan, Rolling} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {PaymentLib, Split} from "./libraries/PaymentLib.sol";
import {Cursor, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {
    Agreement,
    DeadlinePassed,
    InvalidSignature,
    LoanView,
    Payment,
    ProductCaps,
    TableRow
} from "./Types.sol";

/// @title Loans from origination to the last instalment
/// @notice Documented in ILoanBook.
contract LoanBook is ILoanBook, AccessManaged, EIP712, ReentrancyGuardTransient {
    using LoanPacking for *;

    /// @dev One slot, so that a payment finds payee and aggregate together.
    struct Lender {
        address account;
        uint96 outstanding;
    }

    uint256 private constant ACTIVE = 1;
    uint256 private constant CLOSED = 2;
    uint256 private constant DAY_SECONDS = 1 days;
    int256 private constant MINUTE_SECONDS = 1 minutes;

    /// @notice The currency lent.
    ICashToken public immutable CASH;
    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;
    /// @notice Limits, and how much of them is in use.
    ICreditRegistry public immutable CREDIT;

    mapping(bytes32 loanId => PackedLoan) private _loans;
    mapping(bytes32 loanId => bytes32 root) private _tables;
    mapping(uint256 conditionsId => uint256 conditions) private _conditions;
    mapping(uint256 conditions => uint256 conditionsId) private _conditionsIds;
    uint256 private _conditionsCount;
    mapping(uint256 lenderId => Lender) private _lenders;
    mapping(bytes32 productId => ProductCaps) private _products;

    /// @param authority the AccessManager
    /// @param cash the currency lent
    /// @param identity who the parties are
    /// @param credit limits
    constructor(
        address authority,
        ICashToken cash,
        IIdentityRegistry identity,
        ICreditRegistry credit
    ) AccessManaged(authority) EIP712("Tallystick", "1") {
        CASH = cash;
        IDENTITY = identity;
        CREDIT = credit;
    }

    /// @inheritdoc ILoanBook
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) external nonReentrant returns (bytes32 loanId) {
        Fixed memory t;
        ProductCaps storage caps;
        (loanId, caps) = _requireTerms(agreement, t);
        if (MethodLib.isTable(t.method())) revert RowCountMismatch(0, t.periods());
        (uint256[] memory rows, bytes32 root) = DeriveLib.derive(t);
        _requireSchedule(agreement, caps, rows[rows.length - 1], root);
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
        ProductCaps storage caps;
        (loanId, caps) = _requireTerms(agreement, t);
        bytes32 root = TableLib.verify(t, rows);
        _requireSchedule(agreement, caps, rows[rows.length - 1], root);
        _tables[loanId] = root;
        emit ScheduleTable(loanId, rows);
        _begin(loanId, t, caps, agreement, borrowerSigner, borrowerSignature, lenderSignature);
    }

    /// @inheritdoc ILoanBook
    function repay(bytes32 loanId, uint256 amountMinor) external nonReentrant {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        _repay(loanId, s, t, amountMinor);
    }

    /// @inheritdoc ILoanBook
    function repay(bytes32 loanId, uint256 amountMinor, TableRow[] calldata rows) external nonReentrant {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _repay(loanId, s, t, amountMinor);
    }

    /// @inheritdoc ILoanBook
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature
    ) external nonReentrant {
        _requireBefore(payment.deadline);
        Rolling memory s;
        Fixed memory t;
        _loadActive(payment.loan, s, t);
        _repayBySignature(payment, signer, signature, s, t);
    }

    /// @inheritdoc ILoanBook
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature,
        TableRow[] calldata rows
    ) external nonReentrant {
        _requireBefore(payment.deadline);
        Rolling memory s;
        Fixed memory t;
        _loadActive(payment.loan, s, t);
        TableLib.prove(t, s.row, rows, _tables[payment.loan]);
        _repayBySignature(payment, signer, signature, s, t);
    }

    /// @inheritdoc ILoanBook
    function recordArrears(bytes32 loanId) external {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        _recordArrears(loanId, s, t);
    }

    /// @inheritdoc ILoanBook
    function recordArrears(bytes32 loanId, TableRow[] calldata rows) external {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _recordArrears(loanId, s, t);
    }

    /// @inheritdoc ILoanBook
    function registerLender(address lender) external restricted {
        uint256 lenderId = LoanPacking.lenderIdOf(lender);
        address holder = _lenders[lenderId].account;
        if (holder != address(0)) revert LenderAlreadyRegistered(holder);
        _lenders[lenderId].account = lender;
        emit LenderRegistered(lender, lenderId);
    }

    /// @inheritdoc ILoanBook
    function setProduct(bytes32 productId, ProductCaps calldata caps) external restricted {
        _products[productId] = caps;
        emit ProductChanged(productId, caps);
    }

    /// @inheritdoc ILoanBook
    function loan(bytes32 loanId) external view returns (LoanView memory view_) {
        Rolling memory s;
        Fixed memory t;
        _load(loanId, s, t);
        if (s.status != 0) _show(s, t, view_);
    }

    /// @inheritdoc ILoanBook
    function loan(bytes32 loanId, TableRow[] calldata rows) external view returns (LoanView memory view_) {
        Rolling memory s;
        Fixed memory t;
        _load(loanId, s, t);
        if (s.status == 0) return view_;
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _show(s, t, view_);
    }

    /// @inheritdoc ILoanBook
    function owed(
        bytes32 loanId,
        uint256 day
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor) {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        return PaymentLib.owed(t, s, day);
    }

    /// @inheritdoc ILoanBook
    function owed(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor) {
        Rolling memory s;
        Fixed memory t;
        _loadActive(loanId, s, t);
        TableLib.open(t, rows, _tables[loanId]);
        return PaymentLib.owed(t, s, day);
    }

    /// @inheritdoc ILoanBook
    function outstanding(address lender) external view returns (uint256) {
        Lender memory found = _lenders[LoanPacking.lenderIdOf(lender)];
        return found.account == lender ? found.outstanding : 0;
    }

    /// @inheritdoc ILoanBook
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor) {
        return CREDIT.exposure(subject);
    }

    /// @inheritdoc ILoanBook
    function deriveSchedule(
        Agreement calldata agreement
    ) external pure returns (uint256[] memory rows, bytes32 root) {
        Fixed memory t;
        TermsLib.read(agreement, t);
        if (MethodLib.isTable(t.method())) revert UnsupportedMethod(t.method());
        (rows, root) = DeriveLib.derive(t);
        TermsLib.requireLastDueDay(rows[rows.length - 1] >> 224);
    }

    /// @inheritdoc ILoanBook
    function verifyTable(
        Agreement calldata agreement,
        uint256[] calldata rows
    ) external pure returns (bytes32 root) {
        Fixed memory t;
        TermsLib.read(agreement, t);
        return TableLib.verify(t, rows);
    }

    /// @inheritdoc ILoanBook
    function product(bytes32 productId) external view returns (ProductCaps memory caps) {
        return _products[productId];
    }

    /// @inheritdoc ILoanBook
    function lenderIdOf(address lender) external view returns (uint256 lenderId) {
        lenderId = LoanPacking.lenderIdOf(lender);
        if (_lenders[lenderId].account != lender) return 0;
    }

    /// @inheritdoc ILoanBook
    function agreementDigest(Agreement calldata agreement) public view returns (bytes32 digest) {
        return _hashTypedDataV4(TypedDataLib.hash(agreement));
    }

    /// @dev The agreement is new, can be carried out, is allowed, and begins today.
    function _requireTerms(
        Agreement calldata a,
        Fixed memory t
    ) private view returns (bytes32 loanId, ProductCaps storage caps) {
        loanId = agreementDigest(a);
        if (_loans[loanId].rolling != 0) revert LoanExists(loanId);
        _requireBefore(a.deadline);
        if (a.currency != address(CASH)) revert UnsupportedCurrency(a.currency);
        TermsLib.read(a, t);
        caps = _products[a.productId];
        TermsLib.requireWithin(a, caps);
        TermsLib.requireOriginationDay(a, _today(t));
    }

    /// @dev The schedule is the signed one and ends in time.
    function _requireSchedule(
        Agreement calldata a,
        ProductCaps storage caps,
        uint256 lastRow,
        bytes32 root
    ) private view {
        TermsLib.requireTerm(a.disbursementDay, lastRow >> 224, caps.maxTermDays);
        if (root != a.scheduleRoot) revert ScheduleRootMismatch(a.scheduleRoot, root);
    }

    /// @dev Both sides may and do sign: the loan stands, and the money is paid out.
    function _begin(
        bytes32 loanId,
        Fixed memory t,
        ProductCaps storage caps,
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) private {
        uint256 minKycLevel = caps.minKycLevel;
        uint256 kycLevel = _requireParty(agreement.borrower, loanId, borrowerSigner, borrowerSignature);
        if (kycLevel < minKycLevel) revert KycTooLow(agreement.borrower, kycLevel, minKycLevel);
        Lender storage lender = _lenders[t.lenderId()];
        if (lender.account != agreement.lender) revert UnknownLender(agreement.lender);
        _requireParty(agreement.lender, loanId, lenderSignature[:0], lenderSignature); // it has no signer
        CREDIT.reserve(agreement.borrower, agreement.scoreReport, agreement.principalMinor);
        _open(loanId, t, lender);
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

    function _open(bytes32 loanId, Fixed memory t, Lender storage lender) private {
        uint256 principal = t.principal();
        PackedLoan storage stored = _loans[loanId];
        stored.rolling = LoanPacking.packBeginning(ACTIVE, principal, t.disbursementDay(), t.instalment);
        stored.own = LoanPacking.withConditions(t.own, _idOfConditions(t.conditions));
        lender.outstanding += uint96(principal);
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
        _pay(loanId, s, t, msg.sender, amountMinor);
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
        _pay(payment.loan, s, t, borrower, payment.amountMinor);
    }

    /// @dev Accrue, apply, update, emit, transfer. A frozen lender is paid like any other.
    function _pay(
        bytes32 loanId,
        Rolling memory s,
        Fixed memory t,
        address payer,
        uint256 amountMinor
    ) private {
        if (amountMinor == 0) revert ZeroPayment(loanId);
        uint256 today = _today(t);
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        PaymentLib.accrue(t, s, c, today);
        (Split memory p, uint256 left) = PaymentLib.apply_(t, s, c, amountMinor);
        if (left != 0) revert Overpayment(loanId, amountMinor, amountMinor - left);
        uint256 bucketBefore = s.bucket;
        uint256 daysPastDue;
        (s.bucket, daysPastDue) = PaymentLib.arrears(t, s, c, today);
        bool closed = PaymentLib.settled(t, s);
        if (closed) s.status = CLOSED;
        _loans[loanId].rolling = s.pack();
        address lender = _reduceOutstanding(t.lenderId(), p.principal);
        emit PaymentApplied(loanId, payer, amountMinor, p.lateFee, p.penalty, p.interest, p.principal, today);
        if (s.bucket != bucketBefore) emit ArrearsChanged(loanId, s.bucket, daysPastDue);
        if (closed) {
            emit LoanClosed(loanId, today);
            CREDIT.release(t.borrower(), t.principal());
        }
        CASH.bookTransfer(payer, lender, amountMinor);
    }

    function _recordArrears(bytes32 loanId, Rolling memory s, Fixed memory t) private {
        uint256 today = _today(t);
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        uint256 before = s.bucket;
        PaymentLib.accrue(t, s, c, today);
        uint256 daysPastDue;
        (s.bucket, daysPastDue) = PaymentLib.arrears(t, s, c, today);
        if (s.bucket == before) revert ArrearsUnchanged(loanId, before);
        _loans[loanId].rolling = s.pack();
        emit ArrearsChanged(loanId, s.bucket, daysPastDue);
    }

    function _reduceOutstanding(uint256 lenderId, uint256 principalMinor) private returns (address) {
        Lender storage lender = _lenders[lenderId];
        unchecked {
            lender.outstanding -= uint96(principalMinor); // it has lent what is paid back
        }
        return lender.account;
    }

    function _loadActive(bytes32 loanId, Rolling memory s, Fixed memory t) private view {
        _load(loanId, s, t);
        if (s.status != ACTIVE) revert LoanNotActive(loanId, s.status);
    }

    function _load(bytes32 loanId, Rolling memory s, Fixed memory t) private view {
        PackedLoan storage stored = _loans[loanId];
        uint256 own = stored.own;
        stored.rolling.unpack(s);
        t.own = own;
        t.conditions = _conditions[own.conditionsIdOf()];
        t.instalment = s.instalment;
    }

    function _show(Rolling memory s, Fixed memory t, LoanView memory v) private view {
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        v.status = s.status;
        v.borrower = t.borrower();
        v.lender = _lenders[t.lenderId()].account;
        v.principalMinor = t.principal();
        v.ratePpm = t.rate();
        v.periods = t.periods();
        v.row = s.row;
        v.balanceMinor = s.balance;
        v.paidRowMinor = s.paidRow;
        v.lateFeeDueMinor = s.feeDue;
        v.penaltyDueMinor = s.penaltyDue;
        v.bucket = s.bucket;
        v.nextDueDay = c.dueDay;
        v.outstandingPrincipalMinor = s.balance - (s.paidRow > c.interest ? s.paidRow - c.interest : 0);
        v.nonceBase = s.nonceBase;
        v.nonceWindow = s.nonceWindow;
    }

    function _requireStanding(address party) private view {
        if (!IDENTITY.mayTransact(party)) revert PartyNotInStanding(party);
    }

    function _requireBefore(uint256 deadline) private view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
    }

    /// @dev The day in the loan's time zone. No ledger is as young as a day.
    function _today(Fixed memory t) private view returns (uint256) {
        unchecked {
            return uint256(int256(block.timestamp) + t.timeZone() * MINUTE_SECONDS) / DAY_SECONDS;
        }
    }
}
