// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {Base64UrlLib} from "./libraries/Base64UrlLib.sol";

/// @title Passkeys as signers
/// @notice ERC-7913 verifier of WebAuthn assertions. A key is 96 bytes: qx, qy (P-256) and the SHA-256 of the relying
/// party's id, the host name that the passkey belongs to. A signature is the six fields of an assertion, ABI-encoded
/// without an outer offset: r, s, the indices of `"challenge":` and `"type":` in the client data, authenticator data,
/// client data.
/// @dev OpenZeppelin's verifier leaves the relying party to the authenticator; here it is part of the key, so that an
/// assertion for another site is not taken whatever made it. The origin within that party and the counter are left to
/// the authenticator. Members of the client data other than type and challenge may be anything: browsers add some.
/// Where the ledger lacks the P-256 precompile, OpenZeppelin's Solidity does its work at thirty times the gas.
/// @custom:stateless
contract PasskeyVerifier is IERC7913SignatureVerifier {
    uint256 private constant KEY_LENGTH = 96;
    uint256 private constant AUTHENTICATOR_DATA_LENGTH = 37; // relying party, flags, counter; extensions follow
    uint256 private constant FLAGS_INDEX = 32;
    bytes1 private constant USER_PRESENT_AND_VERIFIED = 0x05;
    bytes4 private constant REFUSED = 0xffffffff;
    /* solhint-disable quotes */
    bytes21 private constant TYPE = '"type":"webauthn.get"';
    bytes13 private constant CHALLENGE = '"challenge":"';
    bytes1 private constant CHALLENGE_END = '"';
    /* solhint-enable quotes */
    uint256 private constant TYPE_LENGTH = 21;
    uint256 private constant CHALLENGE_LENGTH = 13 + 43 + 1;

    /// @inheritdoc IERC7913SignatureVerifier
    function verify(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        (bool decoded, WebAuthn.WebAuthnAuth calldata auth) = WebAuthn.tryDecodeAuth(signature);
        if (!decoded || key.length != KEY_LENGTH) return REFUSED;
        bytes calldata clientData = bytes(auth.clientDataJSON);
        bytes calldata authenticatorData = auth.authenticatorData;
        if (
            !_isOfPersonAt(bytes32(key[64:]), authenticatorData) ||
            !_isAssertion(clientData, auth.typeIndex) ||
            !_challenges(hash, clientData, auth.challengeIndex)
        ) return REFUSED;
        bytes32 signed = sha256(bytes.concat(authenticatorData, sha256(clientData)));
        bool valid = P256.verify(signed, auth.r, auth.s, bytes32(key), bytes32(key[32:]));
        return valid ? IERC7913SignatureVerifier.verify.selector : REFUSED;
    }

    /// @dev Whether the assertion was made for the relying party, by a person present and verified.
    function _isOfPersonAt(
        bytes32 relyingParty,
        bytes calldata authenticatorData
    ) private pure returns (bool) {
        return
            authenticatorData.length >= AUTHENTICATOR_DATA_LENGTH &&
            bytes32(authenticatorData) == relyingParty &&
            authenticatorData[FLAGS_INDEX] & USER_PRESENT_AND_VERIFIED == USER_PRESENT_AND_VERIFIED;
    }

    /// @dev Unescaped quotes occur in JSON only around keys and values, so that neither this nor a challenge can stand
    /// inside another value.
    function _isAssertion(bytes calldata clientData, uint256 index) private pure returns (bool) {
        return _reaches(clientData, index, TYPE_LENGTH) && bytes21(clientData[index:]) == TYPE;
    }

    function _challenges(bytes32 hash, bytes calldata clientData, uint256 index) private pure returns (bool) {
        if (!_reaches(clientData, index, CHALLENGE_LENGTH)) return false;
        (bytes32 head, bytes11 tail) = Base64UrlLib.encode(hash);
        bytes calldata challenge = clientData[index:];
        return
            bytes13(challenge) == CHALLENGE &&
            bytes32(challenge[13:]) == head &&
            bytes11(challenge[45:]) == tail &&
            challenge[56] == CHALLENGE_END;
    }

    /// @dev Whether so many bytes stand from an index on, whatever the index.
    function _reaches(bytes calldata text, uint256 index, uint256 length) private pure returns (bool) {
        return index < text.length && text.length - index >= length;
    }
}
