// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {DeadlinePassed, InvalidSignature, Registration} from "./Types.sol";

/// @title Parties and their signers
/// @notice Documented in IIdentityRegistry.
contract IdentityRegistry is IIdentityRegistry, AccessManaged, EIP712 {
    /// @dev One slot a party. The first signer's hash is cut to 200 bits, still far beyond a collision search, so that
    /// whoever looks up a party's standing has its signer too.
    struct Party {
        bool registered;
        bool institution;
        bool frozen;
        uint8 kycLevel;
        uint24 kycExpiryDay;
        uint200 firstSigner;
    }

    uint256 private constant WALLET_SIGNER_LENGTH = 20;

    mapping(address party => Party) private _parties;

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
        if (block.timestamp > registration.deadline) {
            revert DeadlinePassed(registration.deadline, block.timestamp);
        }
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(registration));
        if (!_accepts(registration.signer, digest, signature)) revert InvalidSignature(subject);
        _enter(subject);
        _setKyc(subject, kycLevel, kycExpiryDay);
        bytes32 signerHash = keccak256(registration.signer);
        _parties[subject].firstSigner = uint200(uint256(signerHash));
        emit SubjectRegistered(subject);
        emit SignerAdded(subject, signerHash, registration.signer);
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
    function speaksFor(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) external view returns (bool) {
        return _speaks(_parties[party], party, digest, signer, signature);
    }

    /// @inheritdoc IIdentityRegistry
    function speaksInStanding(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) external view returns (bool speaks, bool inStanding, uint256 kycLevel) {
        Party storage p = _parties[party];
        (inStanding, kycLevel) = (_inStanding(p), p.kycLevel);
        speaks = _speaks(p, party, digest, signer, signature);
    }

    /// @inheritdoc IIdentityRegistry
    function isSigner(address subject, bytes calldata signer) external view returns (bool) {
        return _isSigner(_parties[subject], signer);
    }

    /// @inheritdoc IIdentityRegistry
    function standing(
        address party
    )
        external
        view
        returns (bool registered, bool institution, bool frozen, uint256 kycLevel, uint256 kycExpiryDay)
    {
        Party memory p = _parties[party];
        return (p.registered, p.institution, p.frozen, p.kycLevel, p.kycExpiryDay);
    }

    /// @inheritdoc IIdentityRegistry
    function mayTransact(address party) external view returns (bool) {
        return _inStanding(_parties[party]);
    }

    function _speaks(
        Party storage p,
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) private view returns (bool) {
        if (signer.length != 0) return _isSigner(p, signer) && _accepts(signer, digest, signature);
        return p.institution && SignatureChecker.isValidERC1271SignatureNowCalldata(party, digest, signature);
    }

    function _inStanding(Party storage p) private view returns (bool) {
        return p.registered && !p.frozen && (p.institution || block.timestamp / 1 days <= p.kycExpiryDay);
    }

    /// @dev An institution has no first signer, and no signer hashes to its zero.
    function _isSigner(Party storage p, bytes calldata signer) private view returns (bool) {
        return p.firstSigner == uint200(uint256(keccak256(signer)));
    }

    /// @dev A wallet key is tried before any code is looked for: cheaper, and the same answer.
    function _accepts(
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        if (signer.length == WALLET_SIGNER_LENGTH) {
            (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (err == ECDSA.RecoverError.NoError && recovered == address(bytes20(signer))) return true;
        }
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
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
