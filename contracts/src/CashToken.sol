// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {DeadlinePassed, InvalidSignature, Redemption} from "./Types.sol";

/// @title Tokenised bank money
/// @notice Documented in ICashToken.
contract CashToken is ICashToken, ERC20, AccessManaged, EIP712 {
    /// @dev One slot a bank entry. Its kind never returns to NONE: an entry is booked once.
    struct Entry {
        address account;
        uint88 amountMinor;
        uint8 kind;
    }

    uint8 private constant NONE = 0;
    uint8 private constant MINTED = 1;
    uint8 private constant REDEEMED = 2;
    uint8 private constant REJECTED = 3;

    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;

    /// @notice The LoanBook that this cash was deployed with: it moves cash for ever, and costs no look-up.
    address public immutable LOAN_BOOK;

    mapping(address account => uint256 minor) private _held;
    uint256 private _supply;
    mapping(address loanBook => bool) private _loanBooks;
    mapping(address escrow => bool) private _escrows;
    mapping(bytes32 entry => Entry) private _entries;
    mapping(address institution => mapping(bytes32 entry => uint256 amountMinor)) private _orders;

    /// @param authority the AccessManager
    /// @param identity who the parties are
    /// @param loanBook the address at which the first LoanBook will stand
    constructor(
        address authority,
        IIdentityRegistry identity,
        address loanBook
    ) ERC20("Tallystick Cash", "TCNY") AccessManaged(authority) EIP712("Tallystick", "1") {
        IDENTITY = identity;
        LOAN_BOOK = loanBook;
        emit LoanBookChanged(loanBook, true);
    }

    /// @inheritdoc ICashToken
    function mint(address to, uint256 amountMinor, bytes32 entry) external restricted {
        (bool registered, , , , ) = IDENTITY.standing(to);
        if (!registered) revert NotPermitted(to);
        _useEntry(entry, to, amountMinor, MINTED);
        emit CashMinted(to, amountMinor, entry);
        _mint(to, amountMinor);
    }

    /// @inheritdoc ICashToken
    function redeem(
        Redemption calldata order,
        bytes calldata signer,
        bytes calldata signature
    ) external restricted {
        address subject = order.subject;
        if (block.timestamp > order.deadline) revert DeadlinePassed(order.deadline, block.timestamp);
        _requireMovable(subject);
        // who speaks for an institution by ERC-1271 signs what it lends, not what leaves for a bank
        if (signer.length == 0) revert NotPermitted(subject);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(order));
        if (!IDENTITY.speaksFor(subject, digest, signer, signature)) revert InvalidSignature(subject);
        _redeem(subject, order.amountMinor, order.entry);
    }

    /// @inheritdoc ICashToken
    function orderRedemption(uint256 amountMinor, bytes32 entry) external {
        (, bool institution, , , ) = IDENTITY.standing(msg.sender);
        if (!institution) revert NotPermitted(msg.sender);
        _requireMovable(msg.sender);
        if (_entries[entry].kind != NONE) revert EntryUsed(entry);
        _orders[msg.sender][entry] = amountMinor;
        emit RedemptionOrdered(msg.sender, amountMinor, entry);
    }

    /// @inheritdoc ICashToken
    function redeemOrdered(address institution, bytes32 entry) external restricted {
        uint256 amountMinor = _orders[institution][entry];
        if (amountMinor == 0) revert NoOrder(institution, entry);
        _requireMovable(institution);
        delete _orders[institution][entry];
        _redeem(institution, amountMinor, entry);
    }

    /// @inheritdoc ICashToken
    function rejectRedemption(bytes32 entry) external restricted {
        Entry storage booked = _entries[entry];
        if (booked.kind != REDEEMED) revert NotRedeemed(entry);
        booked.kind = REJECTED;
        emit RedemptionRejected(booked.account, booked.amountMinor, entry);
        _mint(booked.account, booked.amountMinor);
    }

    /// @inheritdoc ICashToken
    function bookTransfer(address from, address to, uint256 amountMinor) external returns (bool) {
        if (msg.sender != LOAN_BOOK && !_loanBooks[msg.sender]) revert NotPermitted(msg.sender);
        _move(from, to, amountMinor);
        return true;
    }

    /// @inheritdoc ICashToken
    function escrowTransfer(address from, address to, uint256 amountMinor) external {
        bool ownSide = from == msg.sender || to == msg.sender;
        if (!ownSide || !_escrows[msg.sender]) revert NotPermitted(msg.sender);
        _move(from, to, amountMinor);
    }

    /// @inheritdoc ICashToken
    function setLoanBook(address loanBook, bool listed) external restricted {
        if (loanBook == LOAN_BOOK) revert FirstLoanBook(loanBook);
        _loanBooks[loanBook] = listed;
        emit LoanBookChanged(loanBook, listed);
    }

    /// @inheritdoc ICashToken
    function setEscrow(address escrow, bool listed) external restricted {
        _escrows[escrow] = listed;
        emit EscrowChanged(escrow, listed);
    }

    /// @inheritdoc ICashToken
    function isLoanBook(address loanBook) external view returns (bool) {
        return loanBook == LOAN_BOOK || _loanBooks[loanBook];
    }

    /// @inheritdoc ICashToken
    function entryUsed(bytes32 entry) external view returns (bool) {
        return _entries[entry].kind != NONE;
    }

    /// @inheritdoc ICashToken
    function isEscrow(address escrow) external view returns (bool) {
        return _escrows[escrow];
    }

    /// @inheritdoc ICashToken
    function orderedRedemption(
        address institution,
        bytes32 entry
    ) external view returns (uint256 amountMinor) {
        return _orders[institution][entry];
    }

    /// @inheritdoc ICashToken
    function redemption(bytes32 entry) external view returns (address subject, uint256 amountMinor) {
        return _entryOf(entry, REDEEMED);
    }

    /// @inheritdoc ICashToken
    function rejectedRedemption(bytes32 entry) external view returns (address subject, uint256 amountMinor) {
        return _entryOf(entry, REJECTED);
    }

    /// @notice Moves the caller's cash, between parties in standing.
    /// @param to payee
    /// @param amountMinor minor units
    /// @return always true; a refusal reverts
    function transfer(address to, uint256 amountMinor) public override(ERC20, IERC20) returns (bool) {
        _requireMovable(msg.sender);
        _requireMovable(to);
        return super.transfer(to, amountMinor);
    }

    /// @notice Moves cash by allowance, between parties in standing.
    /// @param from payer
    /// @param to payee
    /// @param amountMinor minor units
    /// @return always true; a refusal reverts
    function transferFrom(
        address from,
        address to,
        uint256 amountMinor
    ) public override(ERC20, IERC20) returns (bool) {
        _requireMovable(from);
        _requireMovable(to);
        return super.transferFrom(from, to, amountMinor);
    }

    /// @notice Cash of an account.
    /// @param account subject, institution or contract
    /// @return minor units
    function balanceOf(address account) public view override(ERC20, IERC20) returns (uint256) {
        return _held[account];
    }

    /// @notice All cash: what was minted less what was burnt.
    /// @return minor units
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @notice Two decimals: a minor unit is the least amount.
    /// @return 2
    function decimals() public pure override returns (uint8) {
        return 2;
    }

    /// @dev Mints and burns change the supply; everything else is a move.
    function _update(address from, address to, uint256 amountMinor) internal override {
        if (from == address(0)) {
            _supply += amountMinor;
            _held[to] += amountMinor;
            emit Transfer(from, to, amountMinor);
        } else {
            _move(from, to, amountMinor);
            if (to != address(0)) return;
            _held[to] = 0;
            _supply -= amountMinor;
        }
    }

    /// @dev Neither mints nor burns, and touches nothing but the two balances.
    function _move(address from, address to, uint256 amountMinor) private {
        uint256 balance = _held[from];
        if (balance < amountMinor) revert InsufficientCash(from, balance, amountMinor);
        unchecked {
            _held[from] = balance - amountMinor;
            _held[to] += amountMinor; // the sum of all balances is the supply, which fits
        }
        emit Transfer(from, to, amountMinor);
    }

    function _redeem(address account, uint256 amountMinor, bytes32 entry) private {
        uint256 balance = _held[account];
        if (balance < amountMinor) revert InsufficientCash(account, balance, amountMinor);
        _useEntry(entry, account, amountMinor, REDEEMED);
        emit CashRedeemed(account, amountMinor, entry);
        _burn(account, amountMinor);
    }

    function _useEntry(bytes32 entry, address account, uint256 amountMinor, uint8 kind) private {
        if (_entries[entry].kind != NONE) revert EntryUsed(entry);
        _entries[entry] = Entry(account, SafeCast.toUint88(amountMinor), kind);
    }

    function _entryOf(bytes32 entry, uint8 kind) private view returns (address, uint256) {
        Entry memory booked = _entries[entry];
        return booked.kind == kind ? (booked.account, booked.amountMinor) : (address(0), 0);
    }

    function _requireMovable(address account) private view {
        if (!IDENTITY.mayTransact(account)) revert NotPermitted(account);
    }
}
