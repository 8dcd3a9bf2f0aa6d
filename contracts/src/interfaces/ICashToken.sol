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
    /// @notice An institution ordered a payout to its bank, which RAILS may book; 0 withdraws the order.
    event RedemptionOrdered(address indexed institution, uint256 amountMinor, bytes32 indexed entry);
    /// @notice The bank gave a payout back; the cash is where it was before.
    event RedemptionRejected(address indexed account, uint256 amountMinor, bytes32 indexed entry);
    /// @notice A LoanBook may, or may no longer, move cash by the orders it has checked.
    event LoanBookChanged(address indexed loanBook, bool listed);
    /// @notice A fund may, or may no longer, take cash into itself and pay it out, by the orders it has checked.
    event EscrowChanged(address indexed escrow, bool listed);

    /// @notice The account holds less than is needed.
    error InsufficientCash(address account, uint256 balance, uint256 needed);
    /// @notice The bank entry was booked before.
    error EntryUsed(bytes32 entry);
    /// @notice The account may not hold or move cash this way.
    error NotPermitted(address account);
    /// @notice The institution has not ordered a payout under this entry.
    error NoOrder(address institution, bytes32 entry);
    /// @notice No redemption stands under this entry, or it was rejected before.
    error NotRedeemed(bytes32 entry);
    /// @notice The LoanBook that this cash was deployed with cannot be unlisted.
    error FirstLoanBook(address loanBook);

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

    /// @notice An institution orders a payout of its own cash by calling itself; RAILS books it once the bank pays.
    /// @dev Two keys that do not know each other: RAILS cannot order, and a key that only signs for an institution by
    /// ERC-1271 cannot call. A LendingPool has no act that calls this: its cash leaves to its shareholders only.
    /// Reverts NotPermitted(caller) unless an institution in standing, EntryUsed.
    /// @param amountMinor minor units, 0 withdraws the order
    /// @param entry keyed hash of the bank's payout reference
    function orderRedemption(uint256 amountMinor, bytes32 entry) external;

    /// @notice Burns an institution's cash against a bank payout that it ordered.
    /// @dev Restricted to RAILS. Reverts NoOrder, EntryUsed, NotPermitted(institution), InsufficientCash.
    /// @param institution who ordered
    /// @param entry keyed hash of the bank's payout reference
    function redeemOrdered(address institution, bytes32 entry) external;

    /// @notice Books that the bank gave a payout back: exactly what it burnt comes back to exactly its account, once.
    /// A frozen account receives it too.
    /// @dev Restricted to RAILS. Reverts NotRedeemed.
    /// @param entry of the redemption
    function rejectRedemption(bytes32 entry) external;

    /// @notice Moves cash by an order a LoanBook has checked; freezes do not stop it.
    /// @dev Only for listed LoanBooks. Reverts NotPermitted(caller), InsufficientCash.
    /// @param from payer
    /// @param to payee
    /// @param amountMinor minor units
    /// @return always true; a refusal reverts
    function bookTransfer(address from, address to, uint256 amountMinor) external returns (bool);

    /// @notice Moves cash into or out of the calling fund by an order it has checked; freezes do not stop it.
    /// @dev Only for listed funds, and one side is always the fund. Reverts NotPermitted(caller), InsufficientCash.
    /// @param from payer, or the fund
    /// @param to the fund, or payee
    /// @param amountMinor minor units
    function escrowTransfer(address from, address to, uint256 amountMinor) external;

    /// @notice Lists or unlists a later LoanBook; the first one is listed for ever.
    /// @dev Restricted to BOOKKEEPER. Reverts FirstLoanBook.
    /// @param loanBook the contract
    /// @param listed whether it may call bookTransfer
    function setLoanBook(address loanBook, bool listed) external;

    /// @notice Lists or unlists a fund such as a GuaranteeFund.
    /// @dev Restricted to BOOKKEEPER.
    /// @param escrow the contract
    /// @param listed whether it may call escrowTransfer
    function setEscrow(address escrow, bool listed) external;

    /// @notice Whether a contract may call bookTransfer.
    /// @param loanBook the contract
    /// @return whether it is listed
    function isLoanBook(address loanBook) external view returns (bool);

    /// @notice Whether a bank entry was booked.
    /// @param entry keyed hash of the bank entry reference
    /// @return whether it was
    function entryUsed(bytes32 entry) external view returns (bool);

    /// @notice Whether a contract may call escrowTransfer.
    /// @param escrow the contract
    /// @return whether it is listed
    function isEscrow(address escrow) external view returns (bool);

    /// @notice What an institution has ordered and RAILS has not booked yet.
    /// @param institution who ordered
    /// @param entry keyed hash of the bank's payout reference
    /// @return amountMinor 0 when nothing
    function orderedRedemption(
        address institution,
        bytes32 entry
    ) external view returns (uint256 amountMinor);

    /// @notice A redemption that stands.
    /// @param entry keyed hash of the bank's payout reference
    /// @return subject whose cash was burnt; zero when there is none under this entry or it was rejected
    /// @return amountMinor minor units
    function redemption(bytes32 entry) external view returns (address subject, uint256 amountMinor);

    /// @notice A redemption that the bank gave back.
    /// @param entry keyed hash of the bank's payout reference
    /// @return subject who has its cash again; zero when there is none under this entry
    /// @return amountMinor minor units
    function rejectedRedemption(bytes32 entry) external view returns (address subject, uint256 amountMinor);
}
