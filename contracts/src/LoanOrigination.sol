// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {Fixed, LoanPacking, PackedLoan} from "./libraries/LoanPacking.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {LoanStorage} from "./LoanStorage.sol";
import {Agreement, InvalidSignature} from "./Types.sol";

/// @title How a signed agreement becomes a loan
/// @notice Shared by LoanBook, for schedules by a formula, and LoanAgreements, for tables.
abstract contract LoanOrigination is LoanStorage {
    using LoanPacking for *;
    using ProductPacking for uint256;

    /// @dev The agreement is new, can be carried out, is allowed, and begins today.
    function _requireTerms(
        Agreement calldata a,
        Fixed memory t
    ) internal view returns (bytes32 loanId, uint256 caps) {
        loanId = _hashTypedDataV4(TypedDataLib.hash(a));
        if (_loans[loanId].rolling != 0) revert ILoanBook.LoanExists(loanId);
        _requireBefore(a.deadline);
        if (a.currency != address(CASH)) revert ILoanBook.UnsupportedCurrency(a.currency);
        TermsLib.read(a, t);
        caps = _capsOf(a.productId);
        TermsLib.requireOffered(a, caps);
        TermsLib.requireWithin(a, caps);
        TermsLib.requireOriginationDay(a, _today(t));
    }

    /// @dev The schedule is the signed one and ends in time.
    function _requireSchedule(
        Agreement calldata a,
        uint256 caps,
        uint256[] memory rows,
        bytes32 root
    ) internal pure {
        TermsLib.requireTerm(a.disbursementDay, rows[rows.length - 1] >> 224, caps.maxTermDays());
        TermsLib.requireCost(a, caps, rows);
        if (root != a.scheduleRoot) revert ILoanBook.ScheduleRootMismatch(a.scheduleRoot, root);
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
    ) internal {
        if (agreement.borrower == agreement.lender) revert ILoanBook.BorrowerIsLender(agreement.borrower);
        uint256 minKycLevel = caps.minKycLevel();
        uint256 kycLevel = _requireParty(agreement.borrower, loanId, borrowerSigner, borrowerSignature);
        if (kycLevel < minKycLevel) revert ILoanBook.KycTooLow(agreement.borrower, kycLevel, minKycLevel);
        Facility storage facility = _facilities[t.facilityId()];
        if (facility.lender != agreement.lender)
            revert ILoanBook.UnknownFacility(agreement.lender, agreement.productId);
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
    ) internal view returns (uint256) {
        (bool speaks, bool inStanding, uint256 kycLevel) = IDENTITY.speaksInStanding(
            party,
            digest,
            signer,
            signature
        );
        if (!inStanding) revert ILoanBook.PartyNotInStanding(party);
        if (!speaks) revert InvalidSignature(party);
        return kycLevel;
    }

    /// @dev The limits of the borrower and of the facility hold, and are used.
    function _draw(Agreement calldata a, Facility storage facility) internal {
        uint256 principal = a.principalMinor;
        uint256 line = facility.line;
        uint256 most = (line >> MOST_SHIFT) & U44;
        unchecked {
            uint256 used = line & U44;
            if (used + principal > most) {
                uint256 available = most > used ? most - used : 0;
                revert ILoanBook.FacilityExceeded(a.lender, a.productId, principal, available);
            }
            facility.line = uint96(line + principal);
            most = (most * (line >> PERCENT_SHIFT)) / 100;
        }
        uint256 reserved = CREDIT.reserve(a.borrower, a.scoreReport, principal);
        if (reserved > most) revert ILoanBook.BorrowerLimitExceeded(a.borrower, reserved, most);
    }

    function _open(bytes32 loanId, Fixed memory t) internal {
        PackedLoan storage stored = _loans[loanId];
        stored.rolling = LoanPacking.packBeginning(
            ORDINARY,
            t.principal(),
            t.disbursementDay(),
            t.instalment
        );
        stored.own = LoanPacking.withConditions(t.own, _idOfConditions(t.conditions));
    }

    /// @dev As `emit LoanOriginated(loanId, borrower, lender, agreement)`, without re-encoding the thirty-three words
    /// that lie in calldata as they shall lie in the log.
    function _emitOriginated(bytes32 loanId, Agreement calldata agreement) internal {
        bytes32 topic = ILoanBook.LoanOriginated.selector;
        address borrower = agreement.borrower;
        address lender = agreement.lender;
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, agreement, 0x420)
            log4(start, 0x420, topic, loanId, borrower, lender)
        }
    }

    /// @dev Conditions that many loans share are kept once: a loan refers to them by a number.
    function _idOfConditions(uint256 conditions) internal returns (uint256 conditionsId) {
        conditionsId = _conditionsIds[conditions];
        if (conditionsId == 0) {
            conditionsId = ++_conditionsCount;
            if (conditionsId > LoanPacking.MAX_CONDITIONS) revert ILoanBook.ConditionsExhausted(conditionsId);
            _conditionsIds[conditions] = conditionsId;
            _conditions[conditionsId] = conditions;
        }
    }
}
