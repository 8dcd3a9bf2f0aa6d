// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {PartySigners} from "./PartySigners.sol";
import {DeadlinePassed, Registration, SignerChange, Veto} from "./Types.sol";

/// @title Parties and their signers
/// @notice Documented in IIdentityRegistry. How parties are entered and signers change; whom a signature speaks for is
/// in PartySigners.
contract IdentityRegistry is IIdentityRegistry, PartySigners, EIP712 {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @dev What waits for a subject's signers. Only the ids are kept: whoever applies brings the order again.
    struct Succession {
        bytes32 change;
        bytes32 recovery;
        uint48 changeAt;
        uint48 recoveryAt;
        uint48 contestedUntil;
        uint40 nonce;
        uint40 recoveries;
        bool contested;
    }

    /// @notice The most signers that a subject has at a time.
    uint256 public constant MAX_SIGNERS = 8;
    /// @notice How long a change of signers waits: who looks once in three days loses nothing to a thief.
    uint256 public constant SIGNER_CHANGE_SECONDS = 3 days;
    /// @notice How long a recovery waits, in which the owner of a key that is not lost may veto it.
    uint256 public constant RECOVERY_SECONDS = 7 days;
    /// @notice How long a recovery waits that cannot be vetoed: twice the seven days of ADMIN, who can take the
    /// registrar's role away and name a guardian.
    uint256 public constant CONTESTED_RECOVERY_SECONDS = 14 days;
    /// @notice How long after a vetoed recovery the next one cannot be vetoed.
    uint256 public constant CONTEST_SECONDS = 90 days;

    mapping(address subject => Succession) private _successions;

    /// @param authority the AccessManager
    constructor(address authority) AccessManaged(authority) EIP712("Tallystick", "1") {}

    /// @inheritdoc IIdentityRegistry
    function register(
        Registration calldata registration,
        bytes calldata signature,
        uint256 kycLevel,
        uint256 kycExpiryDay
    ) external restricted {
        address subject = registration.subject;
        _requirePossession(registration, signature);
        _enter(subject);
        _setKyc(subject, kycLevel, kycExpiryDay);
        emit SubjectRegistered(subject);
        _addSigner(subject, registration.signer);
    }

    /// @inheritdoc IIdentityRegistry
    function registerInstitution(address institution) external restricted {
        _enter(institution);
        _parties[institution].institution = true;
        emit InstitutionRegistered(institution);
    }

    /// @inheritdoc IIdentityRegistry
    function setKyc(address subject, uint256 kycLevel, uint256 kycExpiryDay) external restricted {
        if (!_parties[subject].registered) revert NotRegistered(subject);
        _setKyc(subject, kycLevel, kycExpiryDay);
    }

    /// @inheritdoc IIdentityRegistry
    function setFrozen(address party, bool frozen) external restricted {
        if (!_parties[party].registered) revert NotRegistered(party);
        _parties[party].frozen = frozen;
        emit FrozenChanged(party, frozen);
    }

    /// @inheritdoc IIdentityRegistry
    function announceSignerChange(
        SignerChange calldata order,
        bytes calldata signer,
        bytes calldata signature,
        bytes calldata possession
    ) external {
        address subject = order.subject;
        Succession storage succession = _successions[subject];
        _requireBefore(order.deadline);
        if (order.nonce != succession.nonce) {
            revert WrongSignerNonce(subject, order.nonce, succession.nonce);
        }
        if (succession.change != 0) revert SignerChangePending(subject, succession.change);
        _requireFitting(order);
        bytes32 change = _hashTypedDataV4(TypedDataLib.hash(order));
        _requireSigned(subject, change, signer, signature);
        if (order.addedSigner.length != 0) _requireProof(subject, change, order.addedSigner, possession);
        uint256 effectiveAt = block.timestamp + SIGNER_CHANGE_SECONDS;
        succession.change = change;
        succession.changeAt = uint48(effectiveAt);
        ++succession.nonce;
        emit SignerChangeAnnounced(subject, change, order, effectiveAt);
    }

    /// @inheritdoc IIdentityRegistry
    function applySignerChange(SignerChange calldata order) external {
        address subject = order.subject;
        Succession storage succession = _successions[subject];
        bytes32 change = _hashTypedDataV4(TypedDataLib.hash(order));
        if (succession.change != change) revert NotPending(subject, change);
        _requireOver(subject, change, succession.changeAt);
        _clearChange(succession);
        emit SignerChangeApplied(subject, change);
        if (order.removedSigner.length != 0) _removeSigner(subject, order.removedSigner);
        if (order.addedSigner.length != 0) _addSigner(subject, order.addedSigner);
        if (_parties[subject].firstSigner == 0) _promote(subject);
    }

    /// @inheritdoc IIdentityRegistry
    function announceRecovery(
        Registration calldata registration,
        bytes calldata signature
    ) external restricted {
        address subject = registration.subject;
        Succession storage succession = _successions[subject];
        if (_parties[subject].firstSigner == 0) revert NotASubject(subject);
        if (succession.recovery != 0) revert RecoveryPending(subject, succession.recovery);
        _requirePossession(registration, signature);
        bool contested = block.timestamp <= succession.contestedUntil;
        uint256 wait = contested ? CONTESTED_RECOVERY_SECONDS : RECOVERY_SECONDS;
        uint256 effectiveAt = block.timestamp + wait;
        ++succession.recoveries;
        bytes32 recovery = _recoveryId(registration, succession.recoveries);
        succession.recovery = recovery;
        succession.recoveryAt = uint48(effectiveAt);
        succession.contested = contested;
        emit RecoveryAnnounced(subject, recovery, registration.signer, effectiveAt, contested);
    }

    /// @inheritdoc IIdentityRegistry
    function applyRecovery(Registration calldata registration) external {
        address subject = registration.subject;
        Succession storage succession = _successions[subject];
        bytes32 recovery = _recoveryId(registration, succession.recoveries);
        if (succession.recovery != recovery) revert NotPending(subject, recovery);
        _requireOver(subject, recovery, succession.recoveryAt);
        _clearChange(succession);
        _clearRecovery(succession);
        succession.contestedUntil = 0;
        _parties[subject].firstSigner = 0;
        _furtherSigners[subject].clear();
        emit SubjectRecovered(subject, recovery);
        _addSigner(subject, registration.signer);
    }

    /// @inheritdoc IIdentityRegistry
    function cancelRecovery(address subject, bytes32 recovery) external restricted {
        Succession storage succession = _successions[subject];
        if (succession.recovery != recovery || recovery == 0) revert NotPending(subject, recovery);
        _clearRecovery(succession);
        emit RecoveryCancelled(subject, recovery);
    }

    /// @inheritdoc IIdentityRegistry
    function veto(Veto calldata objection, bytes calldata signer, bytes calldata signature) external {
        address subject = objection.subject;
        _requireBefore(objection.deadline);
        _requireSigned(subject, _hashTypedDataV4(TypedDataLib.hash(objection)), signer, signature);
        _stop(subject, objection.change);
        emit ChangeVetoed(subject, objection.change, keccak256(signer));
    }

    /// @inheritdoc IIdentityRegistry
    function signing(address subject) external view returns (Signing memory) {
        Succession memory succession = _successions[subject];
        return
            Signing({
                signers: _signerCount(subject),
                nonce: succession.nonce,
                change: succession.change,
                changeAt: succession.changeAt,
                recovery: succession.recovery,
                recoveryAt: succession.recoveryAt,
                contested: succession.contested,
                contestedUntil: succession.contestedUntil
            });
    }

    function _requireBefore(uint256 deadline) private view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
    }

    function _requireOver(address subject, bytes32 change, uint256 effectiveAt) private view {
        if (block.timestamp < effectiveAt) {
            revert StillWaiting(subject, change, effectiveAt, block.timestamp);
        }
    }

    function _requirePossession(Registration calldata registration, bytes calldata signature) private view {
        _requireBefore(registration.deadline);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(registration));
        _requireProof(registration.subject, digest, registration.signer, signature);
    }

    /// @dev What fits when it is announced fits when it is applied: nothing else changes signers meanwhile, and a
    /// recovery voids it.
    function _requireFitting(SignerChange calldata order) private view {
        address subject = order.subject;
        Party storage p = _parties[subject];
        bool adds = order.addedSigner.length != 0;
        bool removes = order.removedSigner.length != 0;
        if (!adds && !removes) revert EmptySignerChange(subject);
        if (removes && !_isSigner(p, subject, order.removedSigner)) {
            revert SignerAbsent(subject, keccak256(order.removedSigner));
        }
        if (adds && _isSigner(p, subject, order.addedSigner)) {
            revert SignerPresent(subject, keccak256(order.addedSigner));
        }
        uint256 signers = _signerCount(subject);
        if (removes && !adds && signers == 1) revert LastSigner(subject);
        if (adds && !removes && signers == MAX_SIGNERS) {
            revert TooManySigners(subject, signers + 1, MAX_SIGNERS);
        }
    }

    /// @dev Whoever lets a recovery be stopped by a signer again and again lets a thief hold a subject for ever.
    function _stop(address subject, bytes32 change) private {
        Succession storage succession = _successions[subject];
        if (change == 0) revert NotPending(subject, change);
        if (change == succession.change) {
            _clearChange(succession);
        } else if (change == succession.recovery) {
            if (succession.contested) revert RecoveryContested(subject, change);
            _clearRecovery(succession);
            succession.contestedUntil = uint48(block.timestamp + CONTEST_SECONDS);
        } else {
            revert NotPending(subject, change);
        }
    }

    /// @dev The number tells apart two recoveries by the same registration, so that a veto is good for one of them.
    function _recoveryId(Registration calldata registration, uint256 number) private view returns (bytes32) {
        return keccak256(abi.encode(_hashTypedDataV4(TypedDataLib.hash(registration)), number));
    }

    function _clearChange(Succession storage succession) private {
        succession.change = 0;
        succession.changeAt = 0;
    }

    function _clearRecovery(Succession storage succession) private {
        succession.recovery = 0;
        succession.recoveryAt = 0;
        succession.contested = false;
    }

    function _enter(address party) private {
        if (party == address(0)) revert ZeroParty();
        if (_parties[party].registered) revert AlreadyRegistered(party);
        _parties[party].registered = true;
    }

    function _setKyc(address subject, uint256 kycLevel, uint256 kycExpiryDay) private {
        if (kycLevel > type(uint8).max || kycExpiryDay > type(uint24).max) {
            revert KycOutOfRange(kycLevel, kycExpiryDay);
        }
        _parties[subject].kycLevel = uint8(kycLevel);
        _parties[subject].kycExpiryDay = uint24(kycExpiryDay);
        emit KycChanged(subject, kycLevel, kycExpiryDay);
    }
}
