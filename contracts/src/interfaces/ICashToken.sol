// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Redemption} from "../Types.sol";

/// @title Tokenised bank money: a permissioned ERC-20 with two decimals
/// @notice Minted and burnt only against a keyed hash of a bank entry reference, each once.
interface ICashToken is IERC20 {
    /// @notice Bank money arrived.
    event CashMinted(address indexed account, uint256 amountMinor, bytes32 indexed entry);
    /// @notice Bank money left.
    event CashRedeemed(address indexed account, uint256 amountMinor, bytes32 indexed entry);
    /// @notice A LoanBook may, or may no longer, move cash by the orders it has checked.
    event LoanBookChanged(address indexed loanBook, bool listed);

    /// @notice The account holds less than is needed.
    error InsufficientCash(address account, uint256 balance, uint256 needed);
    /// @notice The bank entry was booked before.
    error EntryUsed(bytes32 entry);
    /// @notice The account may not hold or move cash this way.
    error NotPermitted(address account);

    /// @notice Books an incoming bank entry to a registered account, once. A frozen account may still receive.
    /// @dev Restricted to RAILS. Reverts EntryUsed, NotPermitted(to).
    /// @param to subject or institution
    /// @param amountMinor minor units
    /// @param entry keyed hash of the bank entry reference
    function mint(address to, uint256 amountMinor, bytes32 entry) external;

    /// @notice Burns a subject's cash against a bank payout, by the subject's signature. Not an institution's: a key
    /// that signs agreements for a pool must not empty it.
    /// @dev Restricted to RAILS. Reverts DeadlinePassed, InvalidSignature, EntryUsed, NotPermitted, InsufficientCash.
    /// @param redemption what the subject signed
    /// @param signer the subject's signer
    /// @param signature over the EIP-712 digest of the redemption
    function redeem(Redemption calldata redemption, bytes calldata signer, bytes calldata signature) external;

    /// @notice Moves cash by an order a LoanBook has checked; freezes do not stop it.
    /// @dev Only for listed LoanBooks. Reverts NotPermitted(caller), InsufficientCash.
    /// @param from payer
    /// @param to payee
    /// @param amountMinor minor units
    function bookTransfer(address from, address to, uint256 amountMinor) external;

    /// @notice Lists or unlists a LoanBook.
    /// @dev Restricted to BOOKKEEPER.
    /// @param loanBook the contract
    /// @param listed whether it may call bookTransfer
    function setLoanBook(address loanBook, bool listed) external;

    /// @notice Whether a contract may call bookTransfer.
    /// @param loanBook the contract
    /// @return whether it is listed
    function isLoanBook(address loanBook) external view returns (bool);

    /// @notice Whether a bank entry was booked.
    /// @param entry keyed hash of the bank entry reference
    /// @return whether it was
    function entryUsed(bytes32 entry) external view returns (bool);
}
