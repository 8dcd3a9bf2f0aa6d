// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanAmendments} from "./interfaces/ILoanAmendments.sol";
import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanAgreements} from "./interfaces/ILoanAgreements.sol";
import {ILoanViews} from "./interfaces/ILoanViews.sol";
import {ILoanWorkout} from "./interfaces/ILoanWorkout.sol";
import {Fixed, LoanPacking} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {ScheduleLib} from "./libraries/ScheduleLib.sol";
import {SettlementLib} from "./libraries/SettlementLib.sol";
import {SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Case, LoanActs} from "./LoanActs.sol";
import {LoanOrigination} from "./LoanOrigination.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement, Amendment, InvalidSignature, Payoff} from "./Types.sol";

/// @title New terms for what is left of a loan
/// @notice Documented in ILoanAmendments. A module of LoanBook.
contract LoanAmendments is ILoanAmendments, LoanOrigination, LoanActs {
    using LoanPacking for *;
    using ProductPacking for uint256;

    /// @notice The most amendments of one loan.
    uint256 public constant MAX_AMENDMENTS = type(uint8).max;
    /// @dev CreditRegistry's outcome for principal that is paid back while its loan goes on.
    uint8 private constant PAID_DOWN = 3;

    /// @notice The next module.
    address public immutable VIEWS;

    /// @param neighbours whom it works with
    /// @param views the next module
    constructor(Neighbours memory neighbours, address views) LoanStorage(neighbours) {
        VIEWS = views;
    }

    /// @notice Everything that is not an amendment.
    fallback() external {
        _delegate(VIEWS);
    }

    /// @inheritdoc ILoanAmendments
    function amend(
        Amendment calldata amendment,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature,
        uint256[] calldata oldRows,
        uint256[] calldata newRows
    ) external nonReentrant {
        Case memory k = _hold(amendment.loan);
        if (k.x.kind == SpecialPacking.WRITTEN_OFF) _refuse(k);
        if (amendment.sequence != k.x.amendments + 1) {
            revert WrongSequence(k.loan, amendment.sequence, k.x.amendments + 1);
        }
        _within("amendments", amendment.sequence, 1, MAX_AMENDMENTS);
        if (MethodLib.isTable(k.t.method()) || oldRows.length != 0) _bring(k, oldRows);
        Fixed memory t;
        uint256 caps = _requireNewTerms(k, amendment.terms, t);
        bytes32 root = _scheduleOf(k, amendment.terms, t, caps, newRows);
        _requireSignatures(amendment, caps, borrowerSigner, borrowerSignature, lenderSignature);
        _stand(k, amendment.terms.disbursementDay);
        _accrue(k);
        Amended memory found = _takeClaims(k, amendment);
        _reserve(k, amendment);
        _relend(k, amendment, found.principalMinor);
        _replaceTerms(k, t, root, amendment.sequence);
        emit LoanAmended(k.loan, amendment.sequence, found, amendment);
        _settleIn(k);
        uint256 paidOut = amendment.topUpMinor - amendment.terms.upfrontFeeMinor;
        if (paidOut != 0) CASH.bookTransfer(k.lender, k.t.borrower(), paidOut);
    }

    /// @dev The terms are this loan's, can be carried out, and are allowed today.
    function _requireNewTerms(
        Case memory k,
        Agreement calldata a,
        Fixed memory t
    ) private view returns (uint256 caps) {
        _requireBefore(a.deadline);
        if (a.borrower != k.t.borrower()) revert TermsOfAnotherLoan(k.loan, "borrower");
        k.lender = _facilities[k.t.facilityId()].lender;
        if (a.lender != k.lender) revert TermsOfAnotherLoan(k.loan, "lender");
        if (LoanPacking.facilityIdOf(a.lender, a.productId) != k.t.facilityId()) {
            revert TermsOfAnotherLoan(k.loan, "productId");
        }
        if (a.timeZoneMinutes != k.t.timeZone()) revert TermsOfAnotherLoan(k.loan, "timeZoneMinutes");
        if (a.currency != address(CASH)) revert ILoanBook.UnsupportedCurrency(a.currency);
        TermsLib.read(a, t);
        caps = _capsOf(a.productId);
        TermsLib.requireWithin(a, caps);
        uint256 today = _today(t);
        TermsLib.requireOriginationDay(a, today);
        _within("disbursementDay", a.disbursementDay, k.s.accruedDay, today);
        _within("coolingOffDays", a.coolingOffDays, 0, 0);
    }

    /// @dev The schedule of the new terms is the signed one; a table's is told.
    function _scheduleOf(
        Case memory k,
        Agreement calldata a,
        Fixed memory t,
        uint256 caps,
        uint256[] calldata newRows
    ) private returns (bytes32 root) {
        ILoanViews views = ILoanViews(address(this)); // the module that derives schedules
        if (!MethodLib.isTable(t.method())) {
            if (newRows.length != 0) revert ILoanBook.RowCountMismatch(newRows.length, 0);
            uint256[] memory rows;
            (rows, root) = views.deriveSchedule(a);
            _requireSchedule(a, caps, rows, root);
            return root;
        }
        root = views.verifyTable(a, newRows);
        _requireSchedule(a, caps, newRows, root);
        TableLib.open(t, newRows, root);
        emit ILoanAgreements.ScheduleTable(k.loan, newRows);
    }

    /// @dev Both sides sign. New money is only for parties that may draw it.
    function _requireSignatures(
        Amendment calldata amendment,
        uint256 caps,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) private view {
        Agreement calldata a = amendment.terms;
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(amendment));
        bytes calldata none = lenderSignature[:0]; // an institution has no signer
        if (amendment.topUpMinor != 0) {
            TermsLib.requireOffered(a, caps);
            uint256 kycLevel = _requireParty(a.borrower, digest, borrowerSigner, borrowerSignature);
            uint256 needed = caps.minKycLevel();
            if (kycLevel < needed) revert ILoanBook.KycTooLow(a.borrower, kycLevel, needed);
            _requireParty(a.lender, digest, none, lenderSignature);
            return;
        }
        if (!IDENTITY.speaksFor(a.borrower, digest, borrowerSigner, borrowerSignature)) {
            revert InvalidSignature(a.borrower);
        }
        if (!IDENTITY.speaksFor(a.lender, digest, none, lenderSignature)) {
            revert InvalidSignature(a.lender);
        }
    }

    /// @dev What is owed besides the principal: a part joins it or is waived, the rest stays.
    function _takeClaims(Case memory k, Amendment calldata a) private pure returns (Amended memory found) {
        Payoff memory p = SettlementLib.payoff(k.t, k.s, k.x, _outstanding(k), k.day);
        found.principalMinor = p.principalMinor;
        found.interestMinor = p.interestMinor;
        found.rebateMinor = SettlementLib.least(p.rebateMinor, p.principalMinor - k.x.covered);
        found.lateFeeMinor = p.lateFeeMinor;
        found.penaltyMinor = p.penaltyMinor;
        uint256 owed = found.interestMinor + found.lateFeeMinor + found.penaltyMinor;
        _within("capitalisedMinor", a.capitalisedMinor, 0, U44);
        _within("waivedMinor", a.waivedMinor, 0, U44);
        _within("topUpMinor", a.topUpMinor, 0, U44);
        uint256 left = a.capitalisedMinor + a.waivedMinor;
        if (left > owed) revert MoreThanAccrued(k.loan, left, owed);
        uint256 taken = SettlementLib.least(left, found.penaltyMinor);
        k.s.penaltyDue -= taken;
        left -= taken;
        taken = SettlementLib.least(left, found.lateFeeMinor);
        k.s.feeDue -= taken;
        found.carriedInterestMinor = found.interestMinor - (left - taken);
        _within("carriedInterestMinor", found.carriedInterestMinor, 0, U44);
        k.x.carriedInterest = found.carriedInterestMinor;
        uint256 principal = found.principalMinor - found.rebateMinor + a.capitalisedMinor + a.topUpMinor;
        _within("principalMinor", a.terms.principalMinor, principal, principal);
        _within("upfrontFeeMinor", a.terms.upfrontFeeMinor, 0, a.topUpMinor);
    }

    /// @dev What was paid back makes room in the borrower's limit, new money takes it; interest that joins the
    /// principal does neither.
    function _reserve(Case memory k, Amendment calldata a) private {
        uint256 reserved = k.t.principal() - k.x.unreserved;
        uint256 principal = a.terms.principalMinor;
        uint256 kept = SettlementLib.least(reserved, principal - a.topUpMinor);
        k.x.unreserved = principal - kept - a.topUpMinor;
        if (kept != reserved) CREDIT.release(a.terms.borrower, uint64(reserved - kept), PAID_DOWN);
        if (a.topUpMinor == 0) return;
        uint256 line = _facilities[k.t.facilityId()].line;
        uint256 most = (((line >> MOST_SHIFT) & U44) * (line >> PERCENT_SHIFT)) / 100;
        uint256 total = CREDIT.reserveMore(a.terms.borrower, a.terms.scoreReport, a.topUpMinor);
        if (total > most) revert ILoanBook.BorrowerLimitExceeded(a.terms.borrower, total, most);
    }

    /// @dev The facility has lent the new principal in the place of the old, of both what no guarantee has paid. Only
    /// new money asks for its limit.
    function _relend(Case memory k, Amendment calldata a, uint256 before) private {
        Facility storage facility = _facilities[k.t.facilityId()];
        uint256 line = facility.line;
        uint256 others = (line & U44) + k.x.covered - before;
        uint256 lent = a.terms.principalMinor - k.x.covered;
        uint256 most = a.topUpMinor == 0 ? U44 : (line >> MOST_SHIFT) & U44;
        if (others + lent > most) {
            uint256 available = most > others ? most - others : 0;
            revert ILoanBook.FacilityExceeded(k.lender, a.terms.productId, lent, available);
        }
        facility.line = uint96((line & ~U44) | (others + lent));
    }

    /// @dev The loan stands at the first row of the new terms.
    function _replaceTerms(Case memory k, Fixed memory t, bytes32 root, uint256 sequence) private {
        _loans[k.loan].own = LoanPacking.withConditions(t.own, _idOfConditions(t.conditions));
        _tables[k.loan] = MethodLib.isTable(t.method()) ? root : bytes32(0);
        k.t = t;
        k.s.instalment = t.instalment;
        k.s.row = 0;
        k.s.balance = t.principal();
        k.s.paidRow = 0;
        k.s.accruedDay = k.day;
        k.x.amendments = sequence;
        k.c = ScheduleLib.at(t, 0, k.s.balance);
    }

    /// @dev Nothing is late under new terms, but what was late before is not forgotten; a default ends.
    function _settleIn(Case memory k) private {
        uint256 before = k.s.bucket;
        bool isCured = k.x.kind == SpecialPacking.DEFAULTED;
        k.s.bucket = k.isLate || before != 0 ? WAS_LATE : 0;
        k.x.kind = SpecialPacking.ACTIVE;
        _capImpairment(k);
        _store(k);
        if (before != 0 && before != WAS_LATE) emit ILoanBook.ArrearsChanged(k.loan, 0, 0);
        if (isCured) emit ILoanWorkout.LoanCured(k.loan);
    }
}
