// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Agreement,
    Amendment,
    Attestation,
    Cancellation,
    Dispute,
    Guarantee,
    Mandate,
    Payment,
    Redemption,
    Registration,
    Release,
    Retraction,
    ScoreReport,
    Settlement,
    SignerChange,
    Veto
} from "../Types.sol";

/// @title EIP-712 struct hashes
/// @notice The types are spelled once here and once in `contracts/typed_data`; a test compares their digests.
/// @dev A static struct's ABI encoding is its EIP-712 encoding. The three that are hashed for every loan, payment and
/// report are copied from calldata whole, which is cheaper: a dirty high byte in an address is hashed as given there,
/// and refused where the address is read.
library TypedDataLib {
    bytes32 internal constant AGREEMENT_TYPEHASH = keccak256(
        "Agreement(address borrower,address lender,address currency,uint256 principalMinor,uint256 method,"
        "uint256 ratePpm,uint256 periods,uint256 periodUnit,uint256 periodLength,uint256 interestOnlyPeriods,"
        "uint256 disbursementDay,uint256 latestOriginationDay,uint256 firstDueDay,uint256 anchorDay,"
        "int256 timeZoneMinutes,uint256 dayCount,uint256 rounding,uint256 instalmentMinor,"
        "uint256 instalmentMultipleMinor,uint256 upfrontFeeMinor,uint256 aprPpm,uint256 graceDays,"
        "uint256 lateFeeMinor,uint256 penaltyRatePpm,uint256 penaltyMaxDays,uint256 waterfall,"
        "uint256 coolingOffDays,bytes32 productId,bytes32 scoreReport,bytes32 documentHash,bytes32 scheduleRoot,"
        "bytes32 salt,uint256 deadline)"
    );
    bytes32 internal constant PAYMENT_TYPEHASH = keccak256(
        "Payment(bytes32 loan,uint256 amountMinor,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant REGISTRATION_TYPEHASH = keccak256(
        "Registration(address subject,bytes signer,uint256 deadline)"
    );
    bytes32 internal constant REDEMPTION_TYPEHASH = keccak256(
        "Redemption(address subject,uint256 amountMinor,bytes32 entry,uint256 deadline)"
    );
    bytes32 internal constant SCORE_REPORT_TYPEHASH = keccak256(
        "ScoreReport(address subject,uint256 score,uint256 limitMinor,uint256 issuedAt,uint256 expiresAt,"
        "uint256 sequence,uint256 blockNumber,bytes32 blockHash,bytes32 signerSet,bytes32 modelHash,"
        "bytes32 policyHash,bytes32 featuresCommitment,bytes32 reasonsCommitment,bytes32 consentId)"
    );

    bytes32 internal constant SETTLEMENT_TYPEHASH = keccak256(
        "Settlement(bytes32 loan,uint256 maxAmountMinor,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant CANCELLATION_TYPEHASH = keccak256(
        "Cancellation(bytes32 loan,uint256 maxAmountMinor,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant MANDATE_TYPEHASH = keccak256(
        "Mandate(bytes32 loan,uint256 maxAmountMinor,uint256 lastDay,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant AMENDMENT_TYPEHASH = keccak256(
        "Amendment(bytes32 loan,uint256 sequence,uint256 reason,uint256 capitalisedMinor,uint256 waivedMinor,"
        "uint256 topUpMinor,Agreement terms)"
        "Agreement(address borrower,address lender,address currency,uint256 principalMinor,uint256 method,"
        "uint256 ratePpm,uint256 periods,uint256 periodUnit,uint256 periodLength,uint256 interestOnlyPeriods,"
        "uint256 disbursementDay,uint256 latestOriginationDay,uint256 firstDueDay,uint256 anchorDay,"
        "int256 timeZoneMinutes,uint256 dayCount,uint256 rounding,uint256 instalmentMinor,"
        "uint256 instalmentMultipleMinor,uint256 upfrontFeeMinor,uint256 aprPpm,uint256 graceDays,"
        "uint256 lateFeeMinor,uint256 penaltyRatePpm,uint256 penaltyMaxDays,uint256 waterfall,"
        "uint256 coolingOffDays,bytes32 productId,bytes32 scoreReport,bytes32 documentHash,bytes32 scheduleRoot,"
        "bytes32 salt,uint256 deadline)"
    );
    bytes32 internal constant SIGNER_CHANGE_TYPEHASH = keccak256(
        "SignerChange(address subject,bytes addedSigner,bytes removedSigner,uint256 nonce,uint256 deadline)"
    );
    bytes32 internal constant VETO_TYPEHASH = keccak256(
        "Veto(address subject,bytes32 change,uint256 deadline)"
    );
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address subject,address furnisher,bytes32 kind,uint256 loansPaid,uint256 loansLate,"
        "uint256 worstBucket,uint256 writtenOffMinor,uint256 outstandingMinor,uint256 observedAt,"
        "uint256 expiresAt,bytes32 consentId,bytes32 salt)"
    );
    bytes32 internal constant DISPUTE_TYPEHASH = keccak256(
        "Dispute(address subject,bytes32 attestation,bytes32 reason,uint256 deadline)"
    );
    bytes32 internal constant RETRACTION_TYPEHASH = keccak256(
        "Retraction(bytes32 attestation,bytes32 reason,uint256 deadline)"
    );
    bytes32 internal constant GUARANTEE_TYPEHASH = keccak256(
        "Guarantee(address guarantor,uint256 kind,address borrower,address lender,bytes32 agreementSalt,"
        "uint256 maxMinor,uint256 premiumMinor,uint256 lastDay,bytes32 salt,uint256 deadline)"
    );
    bytes32 internal constant RELEASE_TYPEHASH = keccak256("Release(bytes32 guarantee,uint256 deadline)");

    uint256 internal constant AGREEMENT_SIZE = 0x420;
    uint256 private constant PAYMENT_SIZE = 0x80;
    uint256 private constant SCORE_REPORT_SIZE = 0x1c0;

    /// @notice Struct hash of an agreement.
    function hash(Agreement calldata a) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := a
        }
        return _hashWords(AGREEMENT_TYPEHASH, offset, AGREEMENT_SIZE);
    }

    /// @notice Struct hash of a payment.
    function hash(Payment calldata p) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := p
        }
        return _hashWords(PAYMENT_TYPEHASH, offset, PAYMENT_SIZE);
    }

    /// @notice Struct hash of a redemption.
    function hash(Redemption calldata r) internal pure returns (bytes32) {
        return keccak256(abi.encode(REDEMPTION_TYPEHASH, r));
    }

    /// @notice Struct hash of a score report.
    function hash(ScoreReport calldata r) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := r
        }
        return _hashWords(SCORE_REPORT_TYPEHASH, offset, SCORE_REPORT_SIZE);
    }

    /// @notice Struct hash of a registration.
    function hash(Registration calldata r) internal pure returns (bytes32) {
        return keccak256(abi.encode(REGISTRATION_TYPEHASH, r.subject, keccak256(r.signer), r.deadline));
    }

    /// @notice Struct hash of a settlement.
    function hash(Settlement calldata s) internal pure returns (bytes32) {
        return keccak256(abi.encode(SETTLEMENT_TYPEHASH, s));
    }

    /// @notice Struct hash of a cancellation.
    function hash(Cancellation calldata c) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCELLATION_TYPEHASH, c));
    }

    /// @notice Struct hash of a mandate.
    function hash(Mandate calldata m) internal pure returns (bytes32) {
        return keccak256(abi.encode(MANDATE_TYPEHASH, m));
    }

    /// @notice Struct hash of a veto.
    function hash(Veto calldata v) internal pure returns (bytes32) {
        return keccak256(abi.encode(VETO_TYPEHASH, v));
    }

    /// @notice Struct hash of an attestation.
    function hash(Attestation calldata a) internal pure returns (bytes32) {
        return keccak256(abi.encode(ATTESTATION_TYPEHASH, a));
    }

    /// @notice Struct hash of a dispute.
    function hash(Dispute calldata d) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISPUTE_TYPEHASH, d));
    }

    /// @notice Struct hash of a retraction.
    function hash(Retraction calldata r) internal pure returns (bytes32) {
        return keccak256(abi.encode(RETRACTION_TYPEHASH, r));
    }

    /// @notice Struct hash of a guarantee.
    function hash(Guarantee calldata g) internal pure returns (bytes32) {
        return keccak256(abi.encode(GUARANTEE_TYPEHASH, g));
    }

    /// @notice Struct hash of a release.
    function hash(Release calldata r) internal pure returns (bytes32) {
        return keccak256(abi.encode(RELEASE_TYPEHASH, r));
    }

    /// @notice Struct hash of an amendment.
    function hash(Amendment calldata a) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    AMENDMENT_TYPEHASH,
                    a.loan,
                    a.sequence,
                    a.reason,
                    a.capitalisedMinor,
                    a.waivedMinor,
                    a.topUpMinor,
                    hash(a.terms)
                )
            );
    }

    /// @notice Struct hash of a change of signers.
    function hash(SignerChange calldata c) internal pure returns (bytes32) {
        bytes32 added = keccak256(c.addedSigner);
        bytes32 removed = keccak256(c.removedSigner);
        return keccak256(abi.encode(SIGNER_CHANGE_TYPEHASH, c.subject, added, removed, c.nonce, c.deadline));
    }

    function _hashWords(
        bytes32 typehash,
        uint256 offset,
        uint256 size
    ) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, typehash)
            calldatacopy(add(start, 0x20), offset, size)
            digest := keccak256(start, add(size, 0x20))
        }
    }
}
