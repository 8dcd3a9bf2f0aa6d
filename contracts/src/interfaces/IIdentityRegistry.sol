// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Registration, SignerChange, Veto} from "../Types.sol";

/// @title Who the parties are and which signatures speak for them
/// @notice A person is a subject: a random address-shaped id without a private key of its own. Its signers are
/// bytes: 20 bytes for a wallet key or an ERC-1271 contract, more for an ERC-7913 verifier and its key.
/// An institution is a contract that answers ERC-1271; an institution without code holds cash but signs nothing.
/// No personal datum is stored here.
///
/// A subject has one to eight signers, and each speaks for it alone. They change in two ways, both announced, both
/// waiting before they take effect, so that whoever holds another key of the subject has time to object:
/// - by order of any signer (announceSignerChange). Any signer may veto it. One order waits at a time: however often
///   a thief with one key announces, an owner who looks once within the wait keeps everything.
/// - by recovery (announceRecovery), when the registrar has convinced itself of the person outside the ledger: one
///   new signer takes the place of all.
/// A thief with one key can veto every order of the owner, as the owner can veto every order of the thief: signatures
/// alone cannot tell them apart. So recovery decides, and its veto is spent once: a recovery that is announced within
/// CONTEST_SECONDS of a vetoed one waits longer and cannot be vetoed, whoever and however many hold signers by then.
/// That longer wait exceeds the time in which the registrar's role can be taken away, and a guardian may cancel the
/// recovery in it: an owner who was right to veto is not at the mercy of the registrar. While a change or a recovery
/// waits, every signer speaks as before; a registrar who fears a theft freezes the subject.
interface IIdentityRegistry {
    /// @notice What waits for a subject's signers, and what has been.
    struct Signing {
        uint256 signers; // how many speak for it
        uint256 nonce; // of its next SignerChange
        bytes32 change; // id of the change that waits, 0 for none
        uint256 changeAt; // first instant at which it can be applied, UTC seconds
        bytes32 recovery; // id of the recovery that waits, 0 for none
        uint256 recoveryAt; // first instant at which it can be applied
        bool contested; // the recovery that waits cannot be vetoed
        uint256 contestedUntil; // a recovery announced up to this instant is contested
    }

    /// @notice A subject became a party.
    event SubjectRegistered(address indexed subject);
    /// @notice A signer may speak for a subject from now on.
    event SignerAdded(address indexed subject, bytes32 indexed signerHash, bytes signer);
    /// @notice A signer speaks for a subject no more.
    event SignerRemoved(address indexed subject, bytes32 indexed signerHash, bytes signer);
    /// @notice A change of signers waits until `effectiveAt`; its id is the order's EIP-712 digest.
    event SignerChangeAnnounced(
        address indexed subject,
        bytes32 indexed change,
        SignerChange order,
        uint256 effectiveAt
    );
    /// @notice A change of signers took effect; SignerRemoved and SignerAdded say what it did.
    event SignerChangeApplied(address indexed subject, bytes32 indexed change);
    /// @notice A recovery to one new signer waits until `effectiveAt`; a contested one cannot be vetoed.
    event RecoveryAnnounced(
        address indexed subject,
        bytes32 indexed recovery,
        bytes signer,
        uint256 effectiveAt,
        bool contested
    );
    /// @notice All signers so far speak no more, and a change that waited is void; SignerAdded names the new signer.
    event SubjectRecovered(address indexed subject, bytes32 indexed recovery);
    /// @notice A guardian stopped a recovery that waited.
    event RecoveryCancelled(address indexed subject, bytes32 indexed recovery);
    /// @notice A signer stopped a change or a recovery that waited.
    event ChangeVetoed(address indexed subject, bytes32 indexed change, bytes32 indexed signerHash);
    /// @notice Keys of an ERC-7913 verifier may become signers, or no more.
    event VerifierChanged(address indexed verifier, bool listed);
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
    /// @notice Only a subject has signers of its own; an institution has none.
    error NotASubject(address party);
    /// @notice The signer that was to be added speaks for the subject already.
    error SignerPresent(address subject, bytes32 signerHash);
    /// @notice The signer that was to be removed does not speak for the subject.
    error SignerAbsent(address subject, bytes32 signerHash);
    /// @notice The only signer cannot be removed without another in its place.
    error LastSigner(address subject);
    /// @notice The subject would have more signers than the limit.
    error TooManySigners(address subject, uint256 signers, uint256 limit);
    /// @notice The order neither adds nor removes.
    error EmptySignerChange(address subject);
    /// @notice The order's nonce is not the subject's next.
    error WrongSignerNonce(address subject, uint256 nonce, uint256 expected);
    /// @notice Another change of the subject's signers waits.
    error SignerChangePending(address subject, bytes32 change);
    /// @notice Another recovery of the subject waits.
    error RecoveryPending(address subject, bytes32 recovery);
    /// @notice No such change or recovery of the subject waits.
    error NotPending(address subject, bytes32 change);
    /// @notice The change or recovery still waits.
    error StillWaiting(address subject, bytes32 change, uint256 effectiveAt, uint256 nowAt);
    /// @notice A recovery after a vetoed one cannot be vetoed.
    error RecoveryContested(address subject, bytes32 recovery);
    /// @notice Keys of this ERC-7913 verifier do not become signers.
    error VerifierNotListed(address verifier);
    /// @notice A verifier is a contract.
    error VerifierWithoutCode(address verifier);

    /// @notice Registers a subject with its first signer, who proves possession by signing the registration.
    /// @dev Restricted to REGISTRAR. Reverts DeadlinePassed, VerifierNotListed, InvalidSignature(subject),
    /// AlreadyRegistered.
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

    /// @notice Announces a change of a subject's signers, signed by one of them; anybody may bring it.
    /// @dev It waits SIGNER_CHANGE_SECONDS, during which each signer, above all the one to be removed, may veto it.
    /// Reverts DeadlinePassed, WrongSignerNonce, SignerChangePending, EmptySignerChange, SignerAbsent, LastSigner,
    /// SignerPresent, TooManySigners, VerifierNotListed, InvalidSignature(subject).
    /// @param order whom to add and whom to remove
    /// @param signer a signer of the subject
    /// @param signature by it over the EIP-712 digest of the order
    /// @param possession by the added signer over the same digest; empty where none is added
    function announceSignerChange(
        SignerChange calldata order,
        bytes calldata signer,
        bytes calldata signature,
        bytes calldata possession
    ) external;

    /// @notice Carries out a change that has waited; anybody may.
    /// @dev Reverts NotPending, StillWaiting, VerifierNotListed.
    /// @param order as announced
    function applySignerChange(SignerChange calldata order) external;

    /// @notice Announces that one new signer takes the place of all, for a person who lost every key.
    /// @dev Restricted to RECOVERER, who knows the person outside the ledger. It waits RECOVERY_SECONDS, during which
    /// any signer may veto it; announced within CONTEST_SECONDS of a vetoed one it waits CONTESTED_RECOVERY_SECONDS
    /// and only a guardian can stop it. Reverts NotASubject, DeadlinePassed, RecoveryPending, VerifierNotListed,
    /// InvalidSignature(subject).
    /// @param registration the subject and its new signer
    /// @param signature by the new signer over the EIP-712 digest of the registration
    function announceRecovery(Registration calldata registration, bytes calldata signature) external;

    /// @notice Carries out a recovery that has waited; anybody may. A change of signers that waits is void.
    /// @dev Reverts NotPending, StillWaiting, VerifierNotListed.
    /// @param registration as announced
    function applyRecovery(Registration calldata registration) external;

    /// @notice Stops a recovery that waits, without marking it as vetoed.
    /// @dev Restricted to GUARDIAN. Reverts NotPending.
    /// @param subject the person
    /// @param recovery its id
    function cancelRecovery(address subject, bytes32 recovery) external;

    /// @notice Stops a change or a recovery that waits, by any signer of the subject; anybody may bring it.
    /// @dev It may be stopped until it is applied. Reverts DeadlinePassed, NotPending, RecoveryContested,
    /// InvalidSignature(subject).
    /// @param objection names the subject and the change or recovery
    /// @param signer a signer of the subject
    /// @param signature by it over the EIP-712 digest of the objection
    function veto(Veto calldata objection, bytes calldata signer, bytes calldata signature) external;

    /// @notice Lists an ERC-7913 verifier, whose keys may become signers from then on, or unlists it.
    /// @dev Restricted to RISK. A verifier is code that the registry trusts. Unlisting takes no signer away: nobody is
    /// locked out of a loan by it. Reverts VerifierWithoutCode.
    /// @param verifier the contract
    /// @param listed true to list
    function setVerifier(address verifier, bool listed) external;

    /// @notice Whether keys of an ERC-7913 verifier may become signers.
    /// @param verifier the contract
    /// @return whether they may
    function isVerifier(address verifier) external view returns (bool);

    /// @notice How many signers a subject has, and what waits for them.
    /// @param subject the person
    /// @return all of it
    function signing(address subject) external view returns (Signing memory);

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
