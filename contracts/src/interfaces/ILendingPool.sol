// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC7540Deposit, IERC7540Operator, IERC7540Redeem} from "./IERC7540.sol";

/// @title A lender whose money is held in shares and whose agreements an underwriting key signs
/// @notice ERC-4626 over CashToken, entered and left by request (ERC-7540). A direct lender is a pool with one
/// admitted depositor. Its assets are its own cash and, over all its LoanBooks, the principal outstanding less what of
/// it is impaired: losses and recoveries are thereby in the price.
///
///     cash of the pool  + outstanding - impaired                        = totalAssets
///     cash of the safe  = requested deposits + settled redemptions + first loss, none of it the shares'
///
/// Why nobody can time an instalment, an impairment or a recovery:
/// 1. A request cannot be withdrawn and settles at the first valuation at least NOTICE_SECONDS after the last request
///    of its period, at a price that nobody knows when it is made. Whoever wants to leave before a loss must know of it
///    a notice ahead; the risk desk has that long to impair what everybody can see in the events.
/// 2. A gain (interest, fees, an impairment lifted, a recovery, a gift) belongs to the shares day by day over the
///    VESTING_SECONDS after the valuation that finds it. Who enters pays for what has not vested; who leaves does not
///    get it. Who is in for s seconds around an instalment has at most s / VESTING_SECONDS of it, as everybody else who
///    bears the pool's risk for as long: no more than its share of time, and less what of earlier gains it paid for.
/// 3. Losses count at once, against what has not vested first.
/// A valuation looks at totals only: its cost does not depend on how many requests settle. Money is taken out by
/// whoever it belongs to, so that a blocked depositor blocks nobody.
interface ILendingPool is IERC4626, IERC1271, IERC165, IERC7540Operator, IERC7540Deposit, IERC7540Redeem {
    /// @notice A key signs agreements for the pool until this instant, UTC seconds; 0 withdraws it.
    event UnderwriterChanged(address indexed key, uint256 validUntil);
    /// @notice An account may, or may no longer, enter the pool. It can always leave.
    event DepositorChanged(address indexed depositor, bool admitted);
    /// @notice What the pool lent in a LoanBook counts, or no longer counts, as its assets.
    event LoanBookChanged(address indexed loanBook, bool listed);
    /// @notice The pool was valued: all amounts minor units, after the first loss and before the requests settled.
    event Valued(uint256 indexed day, uint256 assetsMinor, uint256 unvestedMinor, uint256 shares);
    /// @notice The deposits of a period became shares at a valuation.
    event DepositsSettled(uint256 indexed requestId, uint256 assetsMinor, uint256 shares);
    /// @notice The redemptions of a period became cash, which lies apart until it is claimed.
    event RedemptionsSettled(uint256 indexed requestId, uint256 shares, uint256 assetsMinor);
    /// @notice Who stands for the first loss, and what it leaves in.
    event SponsorChanged(address indexed sponsor, uint256 minimumMinor);
    /// @notice The sponsor put cash apart for the first loss.
    event FirstLossAdded(address indexed sponsor, uint256 amountMinor);
    /// @notice The reserve paid for losses of the pool.
    event FirstLossAbsorbed(uint256 amountMinor);
    /// @notice Recoveries gave back what the reserve had paid.
    event FirstLossRestored(uint256 amountMinor);
    /// @notice The sponsor asked for cash of the reserve; a new request replaces the one before.
    event FirstLossWithdrawalRequested(address indexed sponsor, uint256 amountMinor);
    /// @notice At a valuation this much of the reserve became the sponsor's to take.
    event FirstLossReleased(address indexed sponsor, uint256 amountMinor);
    /// @notice The sponsor took it.
    event FirstLossClaimed(address indexed sponsor, uint256 amountMinor);

    /// @notice Shares are not transferable.
    error SharesNotTransferable(address from, address to);
    /// @notice The account is not admitted as a depositor, or not in standing.
    error DepositorNotAdmitted(address account);
    /// @notice The party is not in standing, frozen for instance: what is its own goes to nobody else.
    error PartyNotInStanding(address party);
    /// @notice The caller may not act for this account.
    error NotOperator(address account, address caller);
    /// @notice What a request will bring is not known in advance.
    error PreviewUnavailable();
    /// @notice The pool was valued on this UTC day already.
    error ValuedToday(uint256 day);
    /// @notice More LoanBooks than a valuation can look at.
    error TooManyLoanBooks(uint256 most);
    /// @notice The pool has money out in this LoanBook.
    error LoanBookInUse(address loanBook, uint256 outstandingMinor);
    /// @notice Only the sponsor of the first loss may do this.
    error NotSponsor(address caller, address sponsor);
    /// @notice The first loss still belongs to its sponsor.
    error SponsorHasReserve(address sponsor, uint256 reserveMinor);

    /// @notice Lets a key sign for the pool until an instant.
    /// @dev Restricted to UNDERWRITING_ADMIN.
    /// @param key address of the key
    /// @param validUntil last second at which its signatures are accepted, 0 withdraws it
    function setUnderwriter(address key, uint256 validUntil) external;

    /// @notice Admits an account as a depositor, or no longer. It must be a party in standing whenever it enters.
    /// @dev Restricted to TREASURER.
    /// @param depositor subject or institution
    /// @param admitted whether it may enter
    function setDepositor(address depositor, bool admitted) external;

    /// @notice Counts what the pool lent in a LoanBook among its assets, or no longer. What was lost or recovered there
    /// before it is listed, or after it no longer is, does not touch the first loss: whoever bore it has borne it.
    /// @dev Restricted to BOOKKEEPER. Reverts TooManyLoanBooks, LoanBookInUse.
    /// @param loanBook the contract
    /// @param listed whether it counts
    function setLoanBook(address loanBook, bool listed) external;

    /// @notice Names who stands for the first loss and how much it must leave in.
    /// @dev Restricted to RISK. Reverts SponsorHasReserve when another one's cash is in.
    /// @param sponsor the account
    /// @param minimumMinor what a withdrawal leaves in the reserve
    function setSponsor(address sponsor, uint256 minimumMinor) external;

    /// @notice Values the pool and settles what is due: the first loss, then deposits, then redemptions in the order of
    /// their periods as long as the pool's cash covers a whole one. Anyone may, once a UTC day. The last shares leave
    /// with all of the pool's cash: there is nobody else whose it could be.
    /// @dev A redemption that waits for cash settles at the price of the valuation that pays it: until then its shares
    /// bear losses and earn like all others. At most MAX_SETTLEMENTS periods of a kind settle at once. Reverts
    /// ValuedToday.
    function valuate() external;

    /// @notice Puts the sponsor's cash apart to bear the pool's first losses, from the next one on: what was lost until
    /// now is settled before.
    /// @dev Reverts NotSponsor; the cash must be approved.
    /// @param amountMinor minor units
    function addFirstLoss(uint256 amountMinor) external;

    /// @notice Asks for cash of the reserve: it can be claimed after the first valuation at least NOTICE_SECONDS later,
    /// as far as losses until then, what is impaired then and the minimum leave any.
    /// @dev Reverts NotSponsor.
    /// @param amountMinor minor units, 0 withdraws the request
    function requestFirstLossWithdrawal(uint256 amountMinor) external;

    /// @notice Pays the sponsor what was released to it. Anyone may call.
    /// @return amountMinor minor units
    function claimFirstLoss() external returns (uint256 amountMinor);

    /// @notice Until when a key may sign for the pool.
    /// @param key address of the key
    /// @return validUntil UTC seconds, 0 when it may not
    function underwriter(address key) external view returns (uint256 validUntil);

    /// @notice Whether an account is admitted as a depositor.
    /// @param depositor the account
    /// @return whether it is
    function isDepositor(address depositor) external view returns (bool);

    /// @notice The LoanBooks that count.
    /// @return addresses
    function loanBooks() external view returns (address[] memory);

    /// @notice Where cash lies that is not the pool's own.
    /// @return address of a contract that only the pool moves cash of
    function safe() external view returns (address);

    /// @notice Gains that do not belong to the shares yet, as a valuation now would find them.
    /// @return minor units, part of totalAssets
    function unvestedMinor() external view returns (uint256);

    /// @notice The last valuation.
    /// @return valuedAt UTC seconds, 0 before the first
    /// @return assetsMinor after what it settled
    /// @return unvested gains that did not belong to the shares then, minor units
    /// @return vestedAt when the last of them does, UTC seconds
    function lastValuation()
        external
        view
        returns (uint256 valuedAt, uint256 assetsMinor, uint256 unvested, uint256 vestedAt);

    /// @notice What is requested and not settled.
    /// @return depositsMinor minor units
    /// @return redemptionShares number
    function pendingTotals() external view returns (uint256 depositsMinor, uint256 redemptionShares);

    /// @notice The first loss.
    /// @return sponsor who stands for it
    /// @return minimumMinor what it must leave in
    /// @return reserveMinor cash apart
    /// @return absorbedMinor losses it paid for and did not get back
    /// @return borneMinor losses since that were beyond it, and not recovered
    /// @return claimableMinor released to the sponsor and not taken
    function firstLoss()
        external
        view
        returns (
            address sponsor,
            uint256 minimumMinor,
            uint256 reserveMinor,
            uint256 absorbedMinor,
            uint256 borneMinor,
            uint256 claimableMinor
        );

    /// @notice The share token: the pool itself (ERC-7575).
    /// @return address of the pool
    function share() external view returns (address);
}
