// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICreditRegistry} from "./interfaces/ICreditRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {ScoreReport} from "./Types.sol";

/// @title Score reports and limits in use
/// @notice Documented in ICreditRegistry.
contract CreditRegistry is ICreditRegistry, AccessManaged, EIP712 {
    /// @dev Two slots a subject: the uid; everything else, the limit in use beside the limit itself.
    struct Credit {
        bytes32 uid;
        uint16 score;
        uint48 limitMinor;
        uint40 issuedAt;
        uint40 expiresAt;
        uint32 sequence;
        bool revoked;
        uint16 openLoans;
        uint56 reservedMinor;
    }

    uint256 private constant SIGNATURE_LENGTH = 65;

    mapping(address subject => Credit) private _credits;
    mapping(address signer => bool) private _isSigner;
    mapping(address loanBook => bool) private _loanBooks;
    address[] private _signers;
    uint256 private _quorum;
    bytes32 private _signerSet;

    modifier onlyLoanBook() {
        if (!_loanBooks[msg.sender]) revert NotLoanBook(msg.sender);
        _;
    }

    /// @param authority the AccessManager
    constructor(address authority) AccessManaged(authority) EIP712("Tallystick", "1") {}

    /// @inheritdoc ICreditRegistry
    function publish(ScoreReport calldata report, bytes calldata signatures) external returns (bytes32 uid) {
        uid = _hashTypedDataV4(TypedDataLib.hash(report));
        _requirePublishable(report, uid);
        address[] memory signedBy = _recover(uid, signatures);
        Credit storage credit = _credits[report.subject];
        uint256 expected = uint256(credit.sequence) + 1;
        if (report.sequence != expected) revert WrongSequence(report.subject, report.sequence, expected);
        credit.uid = uid;
        credit.score = uint16(report.score);
        credit.limitMinor = uint48(report.limitMinor);
        credit.issuedAt = uint40(report.issuedAt);
        credit.expiresAt = uint40(report.expiresAt);
        credit.sequence = uint32(report.sequence);
        credit.revoked = false;
        emit ReportPublished(report.subject, uid, report, signedBy);
    }

    /// @inheritdoc ICreditRegistry
    function revoke(address subject, bytes32 uid, bytes32 reason) external restricted {
        Credit storage credit = _credits[subject];
        if (credit.uid != uid || uid == 0) revert ReportSuperseded(uid, credit.uid);
        if (credit.revoked) revert RevokedReport(uid);
        credit.revoked = true;
        emit ReportRevoked(subject, uid, reason);
    }

    /// @inheritdoc ICreditRegistry
    function setSigners(address[] calldata newSigners, uint256 quorum) external restricted {
        // two quorums share a signer who signs one report per sequence only if each is above two thirds
        if (quorum > newSigners.length || 3 * quorum <= 2 * newSigners.length) {
            revert InvalidSignerSet(newSigners.length, quorum);
        }
        address[] memory old = _signers;
        for (uint256 i; i < old.length; ++i) _isSigner[old[i]] = false;
        address previous;
        for (uint256 i; i < newSigners.length; ++i) {
            if (newSigners[i] <= previous) revert SignersNotAscending(previous, newSigners[i]);
            previous = newSigners[i];
            _isSigner[previous] = true;
        }
        _signers = newSigners;
        _quorum = quorum;
        _signerSet = keccak256(abi.encode(newSigners, quorum));
        emit SignersChanged(_signerSet, newSigners, quorum);
    }

    /// @inheritdoc ICreditRegistry
    function setLoanBook(address loanBook, bool listed) external restricted {
        _loanBooks[loanBook] = listed;
        emit LoanBookChanged(loanBook, listed);
    }

    /// @inheritdoc ICreditRegistry
    function reserve(
        address subject,
        bytes32 uid,
        uint256 amountMinor
    ) external onlyLoanBook returns (uint256) {
        uint256 limit = _requireCurrent(subject, uid);
        Credit storage credit = _credits[subject];
        uint256 reserved = credit.reservedMinor + amountMinor;
        uint16 openLoans = credit.openLoans + 1;
        if (reserved > limit) {
            uint256 before = reserved - amountMinor;
            revert LimitExceeded(subject, amountMinor, limit > before ? limit - before : 0);
        }
        credit.reservedMinor = uint56(reserved); // at most the limit, which has 48 bits
        credit.openLoans = openLoans;
        return reserved;
    }

    /// @inheritdoc ICreditRegistry
    function noteArrears(address subject, uint256 before, uint256 bucket) external onlyLoanBook {}

    /// @inheritdoc ICreditRegistry
    function release(address subject, uint256 amountMinor, uint256 outcome) external onlyLoanBook {
        Credit storage credit = _credits[subject];
        uint56 reserved = credit.reservedMinor - uint56(amountMinor);
        uint16 openLoans = credit.openLoans - 1;
        credit.reservedMinor = reserved; // one beside the other, so that the slot is written once
        credit.openLoans = openLoans;
    }

    /// @inheritdoc ICreditRegistry
    function current(
        address subject
    )
        external
        view
        returns (
            bytes32 uid,
            uint256 score,
            uint256 limitMinor,
            uint256 issuedAt,
            uint256 expiresAt,
            uint256 sequence,
            bool revoked
        )
    {
        Credit memory c = _credits[subject];
        return (c.uid, c.score, c.limitMinor, c.issuedAt, c.expiresAt, c.sequence, c.revoked);
    }

    /// @inheritdoc ICreditRegistry
    function requireCurrent(address subject, bytes32 uid) external view returns (uint256 limitMinor) {
        return _requireCurrent(subject, uid);
    }

    /// @inheritdoc ICreditRegistry
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor) {
        Credit storage credit = _credits[subject];
        return (credit.openLoans, credit.reservedMinor);
    }

    /// @inheritdoc ICreditRegistry
    function signerSet() external view returns (bytes32 digest) {
        return _signerSet;
    }

    /// @inheritdoc ICreditRegistry
    function isSigner(address signer) external view returns (bool) {
        return _isSigner[signer];
    }

    /// @inheritdoc ICreditRegistry
    function signers() external view returns (address[] memory, uint256 quorum) {
        return (_signers, _quorum);
    }

    /// @inheritdoc ICreditRegistry
    function isLoanBook(address loanBook) external view returns (bool) {
        return _loanBooks[loanBook];
    }

    function _requirePublishable(ScoreReport calldata report, bytes32 uid) private view {
        if (
            report.score > type(uint16).max ||
            report.limitMinor > type(uint48).max ||
            report.issuedAt > type(uint40).max ||
            report.expiresAt > type(uint40).max
        ) revert ReportOutOfRange(report.score, report.limitMinor, report.issuedAt, report.expiresAt);
        if (report.issuedAt > block.timestamp) revert ReportFromFuture(report.issuedAt, block.timestamp);
        if (report.expiresAt < block.timestamp) revert ReportExpired(uid, report.expiresAt);
        if (report.signerSet != _signerSet) revert WrongSignerSet(report.signerSet, _signerSet);
        bytes32 actual = Blockhash.blockHash(report.blockNumber);
        if (actual == 0) revert StaleReport(report.blockNumber);
        if (actual != report.blockHash) {
            revert WrongBlockHash(report.blockNumber, report.blockHash, actual);
        }
    }

    function _requireCurrent(address subject, bytes32 uid) private view returns (uint256) {
        Credit storage credit = _credits[subject];
        if (credit.uid != uid || uid == 0) revert ReportSuperseded(uid, credit.uid);
        if (credit.revoked) revert RevokedReport(uid);
        if (credit.expiresAt < block.timestamp) revert ReportExpired(uid, credit.expiresAt);
        return credit.limitMinor;
    }

    function _recover(
        bytes32 uid,
        bytes calldata signatures
    ) private view returns (address[] memory signedBy) {
        if (signatures.length % SIGNATURE_LENGTH != 0) revert MalformedSignatures(signatures.length);
        uint256 count = signatures.length / SIGNATURE_LENGTH;
        if (count < _quorum || count == 0) revert TooFewSignatures(count, _quorum);
        signedBy = new address[](count);
        address previous;
        for (uint256 i; i < count; ++i) {
            address signer = _recoverOne(uid, signatures, i);
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (!_isSigner[signer]) revert UnknownSigner(signer);
            signedBy[i] = signer;
            previous = signer;
        }
    }

    function _recoverOne(
        bytes32 uid,
        bytes calldata signatures,
        uint256 position
    ) private pure returns (address) {
        uint256 start = position * SIGNATURE_LENGTH;
        (address signer, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(
            uid,
            signatures[start:start + SIGNATURE_LENGTH]
        );
        if (err != ECDSA.RecoverError.NoError) revert MalformedSignature(position);
        return signer;
    }
}
