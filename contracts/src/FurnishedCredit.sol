// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Furnished, ICreditRegistry} from "./interfaces/ICreditRegistry.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Attestation, DeadlinePassed, Dispute, InvalidSignature, Retraction} from "./Types.sol";

/// @title What other lenders say about subjects
/// @notice Documented in ICreditRegistry. Its figures stand in the event; here stands whether they count.
abstract contract FurnishedCredit is ICreditRegistry, AccessManaged, EIP712 {
    uint256 private constant MAX_ATTESTATION_SECONDS = 366 days;
    uint256 private constant MAX_LOANS = type(uint16).max;
    uint256 private constant MAX_MINOR = type(uint48).max;
    uint256 internal constant WORST_BUCKET = 4;
    uint256 private constant BUCKET_OF_LATE = 2; // loansLate counts what was late for more than 29 days

    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;

    mapping(bytes32 uid => Furnished) private _furnished;
    mapping(address furnisher => bool) private _furnishers;
    mapping(bytes32 digest => bool) private _disputes;

    constructor(IIdentityRegistry identity) {
        IDENTITY = identity;
    }

    /// @inheritdoc ICreditRegistry
    function setFurnisher(address furnisher, bool listed) external restricted {
        _furnishers[furnisher] = listed;
        emit FurnisherChanged(furnisher, listed);
    }

    /// @inheritdoc ICreditRegistry
    function furnish(
        Attestation calldata attestation,
        bytes calldata signature
    ) external returns (bytes32 uid) {
        address furnisher = attestation.furnisher;
        if (!_furnishers[furnisher]) revert NotFurnisher(furnisher);
        _requireFigures(attestation);
        _requireTimes(attestation);
        uid = _hashTypedDataV4(TypedDataLib.hash(attestation));
        if (_furnished[uid].furnisher != address(0)) revert AttestationExists(uid);
        _requireSpeaks(furnisher, uid, signature[:0], signature); // an institution has no signer
        _furnished[uid] = Furnished({
            subject: attestation.subject,
            expiresAt: uint40(attestation.expiresAt),
            revoked: false,
            disputed: false,
            furnisher: furnisher
        });
        emit AttestationFurnished(attestation.subject, furnisher, uid, attestation);
    }

    /// @inheritdoc ICreditRegistry
    function revokeAttestation(bytes32 uid, bytes32 reason) external {
        if (_standing(uid).furnisher != msg.sender) revert NotFurnisher(msg.sender);
        _revokeAttestation(uid, reason);
    }

    /// @inheritdoc ICreditRegistry
    function revokeAttestationBySignature(Retraction calldata retraction, bytes calldata signature) external {
        _requireBefore(retraction.deadline);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(retraction));
        address furnisher = _standing(retraction.attestation).furnisher;
        _requireSpeaks(furnisher, digest, signature[:0], signature);
        _revokeAttestation(retraction.attestation, retraction.reason);
    }

    /// @inheritdoc ICreditRegistry
    function dispute(Dispute calldata objection, bytes calldata signer, bytes calldata signature) external {
        _requireBefore(objection.deadline);
        bytes32 uid = objection.attestation;
        Furnished storage furnished = _standing(uid);
        if (furnished.subject != objection.subject) revert NotAbout(uid, objection.subject);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(objection));
        if (furnished.disputed || _disputes[digest]) revert AlreadyDisputed(uid);
        _requireSpeaks(objection.subject, digest, signer, signature);
        _disputes[digest] = true;
        furnished.disputed = true;
        emit AttestationDisputed(uid, objection.reason);
    }

    /// @inheritdoc ICreditRegistry
    function resolveDispute(bytes32 uid, bool upheld) external restricted {
        Furnished storage furnished = _known(uid);
        if (!furnished.disputed) revert NotDisputed(uid);
        furnished.disputed = false;
        if (upheld) furnished.revoked = true;
        emit DisputeResolved(uid, upheld);
    }

    /// @inheritdoc ICreditRegistry
    function attestationOf(bytes32 uid) external view returns (Furnished memory furnished) {
        return _furnished[uid];
    }

    /// @inheritdoc ICreditRegistry
    function requireAttestation(bytes32 uid) external view returns (bool disputed) {
        Furnished storage furnished = _standing(uid);
        if (furnished.expiresAt < block.timestamp) revert ExpiredAttestation(uid, furnished.expiresAt);
        if (!_furnishers[furnished.furnisher]) revert NotFurnisher(furnished.furnisher);
        return furnished.disputed;
    }

    /// @inheritdoc ICreditRegistry
    function isFurnisher(address furnisher) external view returns (bool) {
        return _furnishers[furnisher];
    }

    function _revokeAttestation(bytes32 uid, bytes32 reason) private {
        _furnished[uid].revoked = true;
        emit AttestationRevoked(uid, reason);
    }

    function _known(bytes32 uid) private view returns (Furnished storage furnished) {
        furnished = _furnished[uid];
        if (furnished.furnisher == address(0)) revert UnknownAttestation(uid);
    }

    /// @dev Known and not revoked; it may have expired.
    function _standing(bytes32 uid) private view returns (Furnished storage furnished) {
        furnished = _known(uid);
        if (furnished.revoked) revert RevokedAttestation(uid);
    }

    function _requireSpeaks(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) private view {
        if (!IDENTITY.speaksFor(party, digest, signer, signature)) revert InvalidSignature(party);
    }

    function _requireTimes(Attestation calldata a) private view {
        bool observed = a.observedAt <= block.timestamp && a.expiresAt > block.timestamp;
        if (!observed || a.expiresAt - a.observedAt > MAX_ATTESTATION_SECONDS) {
            revert AttestationTimes(a.observedAt, a.expiresAt, block.timestamp);
        }
    }

    function _requireBefore(uint256 deadline) private view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
    }

    function _requireFigures(Attestation calldata a) private pure {
        if (a.consentId == 0) revert ConsentMissing(a.subject);
        bool inRange =
            a.loansPaid <= MAX_LOANS &&
                a.loansLate <= MAX_LOANS &&
                a.worstBucket <= WORST_BUCKET &&
                a.writtenOffMinor <= MAX_MINOR &&
                a.outstandingMinor <= MAX_MINOR;
        if (!inRange || (a.loansLate != 0) != (a.worstBucket >= BUCKET_OF_LATE)) {
            revert AttestationOutOfRange(a.loansPaid, a.loansLate, a.worstBucket, a.writtenOffMinor);
        }
    }
}
