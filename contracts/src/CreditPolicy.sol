// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICreditRegistry} from "./interfaces/ICreditRegistry.sol";
import {CodeData} from "./libraries/CodeData.sol";

/// @title What holds for all subjects: signer sets, the market factor, and the LoanBooks that may reserve
/// @notice Documented in ICreditRegistry.
abstract contract CreditPolicy is ICreditRegistry, AccessManaged {
    /// @dev One slot. The signers and their quorum are code, abi.encode(signers, quorum), so that a report with three
    /// signatures reads two cold places instead of five.
    struct Policy {
        address signers;
        uint8 signerSet;
        uint16 firstSignerSet;
        uint24 marketFactorPpm;
        uint40 marketChangedAt;
    }

    uint256 internal constant SIGNATURE_LENGTH = 65;
    uint256 private constant MAX_SIGNER_SETS = type(uint8).max;
    uint256 private constant MAX_LOAN_BOOKS = 32;
    uint24 private constant NEUTRAL_FACTOR_PPM = 1_000_000;
    uint256 private constant MIN_FACTOR_PPM = 500_000;
    uint256 private constant MAX_FACTOR_PPM = 1_200_000;
    uint256 private constant MAX_FACTOR_STEP_PPM = 100_000;
    uint256 private constant FACTOR_SECONDS = 1 days;

    uint256 private constant KNOWN = 1; // a book that was listed at some time
    uint256 private constant LISTED = 2;
    uint256 private constant PAUSED = 4;
    uint256 private constant STATE_MASK = 7;
    uint256 private constant FIRST_SIGNER_SET = 8; // 16 bits
    uint256 private constant MARKET_FACTOR = 24; // 24 bits

    Policy internal _policy;
    /// @dev One word a LoanBook: its state and, so that an origination reads no further slot, a copy of the policy's
    /// first signer set and market factor, which is kept for every listed book.
    mapping(address loanBook => uint256 word) private _books;
    address[] private _listed;

    constructor() {
        _policy.marketFactorPpm = NEUTRAL_FACTOR_PPM;
        _policy.firstSignerSet = 1;
    }

    /// @inheritdoc ICreditRegistry
    function setSigners(address[] calldata newSigners, uint256 quorum) external restricted {
        // two quorums share a signer who signs one report per sequence only if each is above two thirds
        if (quorum > newSigners.length || 3 * quorum <= 2 * newSigners.length) {
            revert InvalidSignerSet(newSigners.length, quorum);
        }
        address previous;
        for (uint256 i; i < newSigners.length; ++i) {
            if (newSigners[i] <= previous) revert SignersNotAscending(previous, newSigners[i]);
            previous = newSigners[i];
        }
        uint256 number = _policy.signerSet;
        if (number == MAX_SIGNER_SETS) revert SignerSetsExhausted(MAX_SIGNER_SETS);
        bytes memory set = abi.encode(newSigners, quorum);
        _policy.signerSet = uint8(number + 1);
        _policy.signers = CodeData.write(set);
        emit SignersChanged(keccak256(set), newSigners, quorum);
    }

    /// @inheritdoc ICreditRegistry
    function revokeSignerSetsBefore(uint256 firstSignerSet, bytes32 reason) external restricted {
        Policy memory p = _policy;
        if (firstSignerSet <= p.firstSignerSet || firstSignerSet > uint256(p.signerSet) + 1) {
            revert InvalidFirstSignerSet(firstSignerSet, p.firstSignerSet, p.signerSet);
        }
        _policy.firstSignerSet = uint16(firstSignerSet);
        _copyToBooks();
        emit SignerSetsRevoked(firstSignerSet, reason);
    }

    /// @inheritdoc ICreditRegistry
    function setMarketFactor(uint256 factorPpm) external restricted {
        Policy memory p = _policy;
        uint256 lowest = p.marketFactorPpm - MAX_FACTOR_STEP_PPM;
        uint256 highest = p.marketFactorPpm + MAX_FACTOR_STEP_PPM;
        if (lowest < MIN_FACTOR_PPM) lowest = MIN_FACTOR_PPM;
        if (highest > MAX_FACTOR_PPM) highest = MAX_FACTOR_PPM;
        if (factorPpm < lowest || factorPpm > highest) {
            revert MarketFactorOutOfRange(factorPpm, lowest, highest);
        }
        uint256 until = p.marketChangedAt == 0 ? 0 : p.marketChangedAt + FACTOR_SECONDS;
        if (block.timestamp < until) revert MarketFactorCoolingDown(until);
        _policy.marketFactorPpm = uint24(factorPpm);
        _policy.marketChangedAt = uint40(block.timestamp);
        _copyToBooks();
        emit MarketFactorChanged(factorPpm);
    }

    /// @inheritdoc ICreditRegistry
    function setLoanBook(address loanBook, bool listed) external restricted {
        bool isListed = _books[loanBook] & LISTED != 0;
        if (listed && !isListed) _enlist(loanBook);
        if (!listed && isListed) _delist(loanBook);
        emit LoanBookChanged(loanBook, listed);
    }

    /// @inheritdoc ICreditRegistry
    function setPaused(bool paused) external {
        _requireKnownBook();
        uint256 word = _books[msg.sender];
        _books[msg.sender] = paused ? word | PAUSED : word & ~PAUSED;
        emit LoanBookPaused(msg.sender, paused);
    }

    /// @inheritdoc ICreditRegistry
    function signerSet() external view returns (bytes32 digest) {
        bytes memory set = CodeData.read(_policy.signers);
        return set.length == 0 ? bytes32(0) : keccak256(set);
    }

    /// @inheritdoc ICreditRegistry
    function isSigner(address signer) external view returns (bool) {
        (address[] memory members, , ) = _signers(_policy.signers);
        for (uint256 i; i < members.length; ++i) {
            if (members[i] == signer) return true;
        }
        return false;
    }

    /// @inheritdoc ICreditRegistry
    function signers() external view returns (address[] memory members, uint256 quorum) {
        (members, quorum, ) = _signers(_policy.signers);
    }

    /// @inheritdoc ICreditRegistry
    function policy()
        external
        view
        returns (uint256 signerSetNumber, uint256 firstSignerSet, uint256 factorPpm, uint256 factorChangedAt)
    {
        Policy memory p = _policy;
        return (p.signerSet, p.firstSignerSet, p.marketFactorPpm, p.marketChangedAt);
    }

    /// @inheritdoc ICreditRegistry
    function isLoanBook(address loanBook) external view returns (bool) {
        return _books[loanBook] & LISTED != 0;
    }

    /// @inheritdoc ICreditRegistry
    function loanBooks() external view returns (address[] memory) {
        return _listed;
    }

    /// @dev The calling book may reserve, and this is what holds for it.
    function _requireOpenBook() internal view returns (uint256 firstSignerSet, uint256 marketFactorPpm) {
        uint256 word = _books[msg.sender];
        if (word & (LISTED | PAUSED) != LISTED) {
            if (word & LISTED == 0) revert NotLoanBook(msg.sender);
            revert PausedLoanBook(msg.sender);
        }
        return ((word >> FIRST_SIGNER_SET) & type(uint16).max, word >> MARKET_FACTOR);
    }

    /// @dev The caller was a listed book at some time: what it reserved it can give back for ever.
    function _requireKnownBook() internal view {
        if (_books[msg.sender] & KNOWN == 0) revert NotLoanBook(msg.sender);
    }

    /// @dev The signers' abi.encode is offset, quorum, number, members: its tail is an address[] as memory has it.
    function _signers(
        address place
    ) internal view returns (address[] memory members, uint256 quorum, bytes32 digest) {
        bytes memory set = CodeData.read(place);
        if (set.length == 0) return (members, 0, 0);
        digest = keccak256(set);
        assembly ("memory-safe") {
            quorum := mload(add(set, 0x40))
            members := add(set, 0x60)
        }
    }

    /// @dev Who signed: a quorum of the members, each once, by ascending address.
    function _recover(
        bytes32 uid,
        bytes calldata signatures,
        address[] memory members,
        uint256 quorum
    ) internal pure returns (address[] memory signedBy) {
        if (signatures.length % SIGNATURE_LENGTH != 0) revert MalformedSignatures(signatures.length);
        uint256 count = signatures.length / SIGNATURE_LENGTH;
        if (count < quorum || count == 0) revert TooFewSignatures(count, quorum);
        signedBy = new address[](count);
        address previous;
        uint256 next;
        for (uint256 i; i < count; ++i) {
            address signer = _recoverOne(uid, signatures, i);
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            while (next < members.length && members[next] < signer) ++next;
            if (next == members.length || members[next] != signer) revert UnknownSigner(signer);
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

    function _enlist(address loanBook) private {
        if (_listed.length == MAX_LOAN_BOOKS) revert TooManyLoanBooks(MAX_LOAN_BOOKS);
        _listed.push(loanBook);
        _books[loanBook] |= KNOWN | LISTED;
        _copyToBooks();
    }

    function _delist(address loanBook) private {
        _books[loanBook] &= ~LISTED;
        uint256 last = _listed.length - 1;
        for (uint256 i; i < last; ++i) {
            if (_listed[i] == loanBook) _listed[i] = _listed[last];
        }
        _listed.pop();
    }

    function _copyToBooks() private {
        uint256 first = _policy.firstSignerSet;
        uint256 factor = _policy.marketFactorPpm;
        for (uint256 i; i < _listed.length; ++i) {
            uint256 state = _books[_listed[i]] & STATE_MASK;
            _books[_listed[i]] = state | (first << FIRST_SIGNER_SET) | (factor << MARKET_FACTOR);
        }
    }
}
