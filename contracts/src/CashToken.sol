// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {DeadlinePassed, InvalidSignature, Redemption} from "./Types.sol";

/// @title Tokenised bank money
/// @notice Documented in ICashToken.
contract CashToken is ICashToken, ERC20, AccessManaged, EIP712 {
    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;

    mapping(address loanBook => bool) private _loanBooks;
    mapping(bytes32 entry => bool) private _entries;

    /// @param authority the AccessManager
    /// @param identity who the parties are
    constructor(
        address authority,
        IIdentityRegistry identity
    ) ERC20("Tallystick Cash", "TCNY") AccessManaged(authority) EIP712("Tallystick", "1") {
        IDENTITY = identity;
    }

    /// @inheritdoc ICashToken
    function mint(address to, uint256 amountMinor, bytes32 entry) external restricted {
        (bool registered, , , , ) = IDENTITY.standing(to);
        if (!registered) revert NotPermitted(to);
        _useEntry(entry);
        emit CashMinted(to, amountMinor, entry);
        _mint(to, amountMinor);
    }

    /// @inheritdoc ICashToken
    function redeem(
        Redemption calldata redemption,
        bytes calldata signer,
        bytes calldata signature
    ) external restricted {
        address subject = redemption.subject;
        if (block.timestamp > redemption.deadline) {
            revert DeadlinePassed(redemption.deadline, block.timestamp);
        }
        _requireMovable(subject);
        // who speaks for an institution by ERC-1271 signs what it lends, not what leaves for a bank
        if (signer.length == 0) revert NotPermitted(subject);
        bytes32 digest = _hashTypedDataV4(TypedDataLib.hash(redemption));
        if (!IDENTITY.speaksFor(subject, digest, signer, signature)) revert InvalidSignature(subject);
        _useEntry(redemption.entry);
        emit CashRedeemed(subject, redemption.amountMinor, redemption.entry);
        _burn(subject, redemption.amountMinor);
    }

    /// @inheritdoc ICashToken
    function bookTransfer(address from, address to, uint256 amountMinor) external {
        if (!_loanBooks[msg.sender]) revert NotPermitted(msg.sender);
        _transfer(from, to, amountMinor);
    }

    /// @inheritdoc ICashToken
    function setLoanBook(address loanBook, bool listed) external restricted {
        _loanBooks[loanBook] = listed;
        emit LoanBookChanged(loanBook, listed);
    }

    /// @inheritdoc ICashToken
    function isLoanBook(address loanBook) external view returns (bool) {
        return _loanBooks[loanBook];
    }

    /// @inheritdoc ICashToken
    function entryUsed(bytes32 entry) external view returns (bool) {
        return _entries[entry];
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

    /// @notice Two decimals: a minor unit is the least amount.
    /// @return 2
    function decimals() public pure override returns (uint8) {
        return 2;
    }

    function _update(address from, address to, uint256 amountMinor) internal override {
        if (from != address(0)) {
            uint256 balance = balanceOf(from);
            if (balance < amountMinor) revert InsufficientCash(from, balance, amountMinor);
        }
        super._update(from, to, amountMinor);
    }

    function _useEntry(bytes32 entry) private {
        if (_entries[entry]) revert EntryUsed(entry);
        _entries[entry] = true;
    }

    function _requireMovable(address account) private view {
        if (!IDENTITY.mayTransact(account)) revert NotPermitted(account);
    }
}
