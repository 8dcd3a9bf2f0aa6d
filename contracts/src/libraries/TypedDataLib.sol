// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, Payment, Redemption, Registration, ScoreReport} from "../Types.sol";

/// @title EIP-712 struct hashes
/// @notice The types are spelled once here and once in `contracts/typed_data`; a test compares their digests.
/// @dev Static structs are copied from calldata whole: their calldata layout is their EIP-712 encoding. A dirty
/// high byte in an address is hashed as given and refused where the address is read.
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

    uint256 internal constant AGREEMENT_SIZE = 0x420;
    uint256 private constant PAYMENT_SIZE = 0x80;
    uint256 private constant REDEMPTION_SIZE = 0x80;
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
        uint256 offset;
        assembly ("memory-safe") {
            offset := r
        }
        return _hashWords(REDEMPTION_TYPEHASH, offset, REDEMPTION_SIZE);
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
