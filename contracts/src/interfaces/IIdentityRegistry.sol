// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Registration} from "../Types.sol";

/// @title Who the parties are and which signatures speak for them
/// @notice A person is a subject: a random address-shaped id without a private key of its own. Its signers are
/// bytes: 20 bytes for a wallet key or an ERC-1271 contract, more for an ERC-7913 verifier and its key.
/// An institution is a contract that answers ERC-1271; an institution without code holds cash but signs nothing.
/// No personal datum is stored here.
interface IIdentityRegistry {
    /// @notice A subject became a party.
    event SubjectRegistered(address indexed subject);
    /// @notice A signer may speak for a subject from now on.
    event SignerAdded(address indexed subject, bytes32 indexed signerHash, bytes signer);
    /// @notice The KYC level of a subject and the last UTC day on which it holds.
    event KycChanged(address indexed subject, uint256 kycLevel, uint256 kycExpiryDay);
    /// @notice A party was frozen or released.
    event FrozenChanged(address indexed party, bool frozen);
    /// @notice An institution became a party.
    event InstitutionRegistered(address indexed institution);

    /// @notice The party is registered already.
    error AlreadyRegistered(address party);
    /// @notice The party is not registered.
    error NotRegistered(address party);
    /// @notice The zero address cannot be a party.
    error ZeroParty();
    /// @notice A KYC level or day does not fit its field.
    error KycOutOfRange(uint256 kycLevel, uint256 kycExpiryDay);

    /// @notice Registers a subject with its first signer, who proves possession by signing the registration.
    /// @dev Restricted to REGISTRAR. Reverts DeadlinePassed, InvalidSignature(subject), AlreadyRegistered.
    /// @param registration the subject, the signer and the deadline
    /// @param signature by the signer over the EIP-712 digest of the registration
    /// @param kycLevel 0 none, more is better known; below 256
    /// @param kycExpiryDay last UTC day on which the KYC holds, days since 1970
    function register(
        Registration calldata registration,
        bytes calldata signature,
        uint256 kycLevel,
        uint256 kycExpiryDay
    ) external;

    /// @notice Registers an institution.
    /// @dev Restricted to REGISTRAR. Reverts AlreadyRegistered.
    /// @param institution its address
    function registerInstitution(address institution) external;

    /// @notice Changes what is known of a subject.
    /// @dev Restricted to REGISTRAR. Reverts NotRegistered, KycOutOfRange.
    /// @param subject the person
    /// @param kycLevel 0 none, more is better known; below 256
    /// @param kycExpiryDay last UTC day on which the KYC holds
    function setKyc(address subject, uint256 kycLevel, uint256 kycExpiryDay) external;

    /// @notice Freezes or releases a party: a frozen party draws no loan and moves no cash, but repays.
    /// @dev Restricted to REGISTRAR. Reverts NotRegistered.
    /// @param party subject or institution
    /// @param frozen true to freeze
    function setFrozen(address party, bool frozen) external;

    /// @notice Whether a signature speaks for a party: the one function every contract asks.
    /// @dev A frozen party still speaks, for it may still repay.
    /// @param party subject or institution
    /// @param digest the EIP-712 digest that was signed
    /// @param signer the signer of a subject; empty for an institution
    /// @param signature by the signer, or whatever the institution's ERC-1271 accepts
    /// @return whether it does
    function speaksFor(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) external view returns (bool);

    /// @notice speaksFor and mayTransact in one: what a loan needs to know of its parties.
    /// @param party subject or institution
    /// @param digest the EIP-712 digest that was signed
    /// @param signer the signer of a subject; empty for an institution
    /// @param signature by the signer, or whatever the institution's ERC-1271 accepts
    /// @return speaks whether the signature speaks for the party
    /// @return inStanding whether the party may draw and move cash now
    /// @return kycLevel of a subject
    function speaksInStanding(
        address party,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) external view returns (bool speaks, bool inStanding, uint256 kycLevel);

    /// @notice Whether a signer may speak for a subject.
    /// @param subject the person
    /// @param signer the signer's bytes
    /// @return whether it may
    function isSigner(address subject, bytes calldata signer) external view returns (bool);

    /// @notice Everything known of a party.
    /// @param party subject or institution
    /// @return registered whether it is a party
    /// @return institution whether it is one
    /// @return frozen whether it is frozen
    /// @return kycLevel of a subject
    /// @return kycExpiryDay last UTC day on which the KYC holds
    function standing(
        address party
    )
        external
        view
        returns (bool registered, bool institution, bool frozen, uint256 kycLevel, uint256 kycExpiryDay);

    /// @notice Whether a party may draw and move cash now: registered, not frozen, KYC not expired.
    /// @param party subject or institution
    /// @return whether it may
    function mayTransact(address party) external view returns (bool);
}
