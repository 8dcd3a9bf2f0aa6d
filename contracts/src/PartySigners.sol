// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {InvalidSignature} from "./Types.sol";

/// @title The parties, and which signatures speak for them
/// @notice Documented in IIdentityRegistry; how signers come and go is in IdentityRegistry.
abstract contract PartySigners is IIdentityRegistry, AccessManaged {
    using EnumerableSet for EnumerableSet.Bytes32Set;

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

    mapping(address party => Party) internal _parties;
    /// @dev The signers of a subject beside the first, by their whole hashes.
    mapping(address subject => EnumerableSet.Bytes32Set) internal _furtherSigners;
    mapping(address verifier => bool) internal _verifiers;

    /// @inheritdoc IIdentityRegistry
    function setVerifier(address verifier, bool listed) external restricted {
        if (verifier.code.length == 0) revert VerifierWithoutCode(verifier);
        _verifiers[verifier] = listed;
        emit VerifierChanged(verifier, listed);
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
        return _isSigner(_parties[subject], subject, signer);
    }

    /// @inheritdoc IIdentityRegistry
    function isVerifier(address verifier) external view returns (bool) {
        return _verifiers[verifier];
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
        if (signer.length != 0) return _isSigner(p, party, signer) && _accepts(signer, digest, signature);
        return p.institution && SignatureChecker.isValidERC1271SignatureNowCalldata(party, digest, signature);
    }

    function _inStanding(Party storage p) private view returns (bool) {
        return p.registered && !p.frozen && (p.institution || block.timestamp / 1 days <= p.kycExpiryDay);
    }

    /// @dev The first signer costs no look-up beyond its party's. An institution has none, and no signer hashes to its
    /// zero.
    function _isSigner(Party storage p, address party, bytes calldata signer) internal view returns (bool) {
        bytes32 signerHash = keccak256(signer);
        return p.firstSigner == _cut(signerHash) || _furtherSigners[party].contains(signerHash);
    }

    function _cut(bytes32 signerHash) internal pure returns (uint200) {
        return uint200(uint256(signerHash));
    }

    function _signerCount(address subject) internal view returns (uint256) {
        return _parties[subject].firstSigner == 0 ? 0 : 1 + _furtherSigners[subject].length();
    }

    /// @dev A wallet key is tried before any code is looked for: cheaper, and the same answer.
    function _accepts(
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        if (signer.length < WALLET_SIGNER_LENGTH) return false;
        address account = address(bytes20(signer));
        if (signer.length > WALLET_SIGNER_LENGTH) return _verifies(account, signer, digest, signature);
        (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (err == ECDSA.RecoverError.NoError && recovered == account) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }

    /// @dev As OpenZeppelin's SignatureChecker asks an ERC-7913 verifier, without its copies of key and signature.
    function _verifies(
        address verifier,
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        (bool success, bytes memory answer) = verifier.staticcall(
            abi.encodeCall(
                IERC7913SignatureVerifier.verify,
                (signer[WALLET_SIGNER_LENGTH:], digest, signature)
            )
        );
        return
            success &&
            answer.length >= 32 &&
            abi.decode(answer, (bytes32)) == bytes32(IERC7913SignatureVerifier.verify.selector);
    }

    function _requireSigned(
        address subject,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) internal view {
        if (!_isSigner(_parties[subject], subject, signer) || !_accepts(signer, digest, signature)) {
            revert InvalidSignature(subject);
        }
    }

    /// @dev Foreign code is asked only when it is listed.
    function _requireProof(
        address subject,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) internal view {
        _requireListed(signer);
        if (!_accepts(signer, digest, signature)) revert InvalidSignature(subject);
    }

    function _requireListed(bytes calldata signer) private view {
        if (signer.length <= WALLET_SIGNER_LENGTH) return;
        address verifier = address(bytes20(signer));
        if (!_verifiers[verifier]) revert VerifierNotListed(verifier);
    }

    /// @dev A signer takes the first place where it is free.
    function _addSigner(address subject, bytes calldata signer) internal {
        _requireListed(signer);
        bytes32 signerHash = keccak256(signer);
        if (_parties[subject].firstSigner == 0) {
            _parties[subject].firstSigner = _cut(signerHash);
        } else {
            _furtherSigners[subject].add(signerHash);
        }
        emit SignerAdded(subject, signerHash, signer);
    }

    function _removeSigner(address subject, bytes calldata signer) internal {
        bytes32 signerHash = keccak256(signer);
        if (!_furtherSigners[subject].remove(signerHash)) _parties[subject].firstSigner = 0;
        emit SignerRemoved(subject, signerHash, signer);
    }

    /// @dev Another signer takes the first place, where it costs least.
    function _promote(address subject) internal {
        EnumerableSet.Bytes32Set storage further = _furtherSigners[subject];
        bytes32 signerHash = further.at(0);
        further.remove(signerHash);
        _parties[subject].firstSigner = _cut(signerHash);
    }
}
