// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {ILoanViews} from "./interfaces/ILoanViews.sol";
import {FirstLoss, FirstLossLib} from "./libraries/FirstLossLib.sol";
import {Queue, QueueLib} from "./libraries/QueueLib.sol";
import {PoolSafe} from "./PoolSafe.sol";
import {Position} from "./Types.sol";

/// @title What a pool's shares are worth, and how waiting requests settle at it
/// @notice Documented in ILendingPool; who asks and claims is in LendingPool.
abstract contract PoolValuation is ILendingPool, ERC4626, AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using QueueLib for Queue;
    using FirstLossLib for FirstLoss;

    /// @dev One slot: when the pool was valued last, at what, and what of it vests until when.
    struct Valuation {
        uint40 at;
        uint40 vestedAt;
        uint96 assets;
        uint80 unvested;
    }

    /// @dev Assets, the part of them that has not vested, and the shares they are for; the same for a whole valuation.
    struct Price {
        uint256 assets;
        uint256 unvested;
        uint256 vestedAt;
        uint256 shares;
    }

    /// @notice From the last request of a period to the valuation at which it settles, at least.
    uint256 public constant NOTICE_SECONDS = 7 days;
    /// @notice Over which a gain comes to belong to the shares.
    uint256 public constant VESTING_SECONDS = 30 days;
    /// @notice Periods of a kind that a valuation settles at most.
    uint256 public constant MAX_SETTLEMENTS = 16;
    /// @notice LoanBooks that a valuation looks at, at most.
    uint256 public constant MAX_LOAN_BOOKS = 8;
    /// @dev Virtual shares a minor unit: makes it a million times dearer to inflate a share than to lose by it.
    uint8 private constant SHARE_OFFSET = 6;
    uint256 private constant VIRTUAL_SHARES = 10 ** SHARE_OFFSET;

    IERC20 internal immutable _CASH;
    address internal immutable _SAFE;

    Valuation private _last;
    Queue internal _deposits;
    Queue internal _redemptions;
    FirstLoss private _firstLoss;
    address[] private _loanBooks;

    modifier onlySponsor() {
        if (msg.sender != _firstLoss.sponsor) revert NotSponsor(msg.sender, _firstLoss.sponsor);
        _;
    }

    constructor(IERC20 cash, address loanBook) {
        _CASH = cash;
        _SAFE = address(new PoolSafe(cash));
        _loanBooks.push(loanBook);
        emit LoanBookChanged(loanBook, true);
    }

    /// @inheritdoc ILendingPool
    function setLoanBook(address loanBook, bool listed) external restricted {
        Position memory p = ILoanViews(loanBook).position(address(this));
        int256 netLoss = _netLoss(p);
        if (_unlist(loanBook)) _firstLoss.seen -= netLoss;
        if (listed) {
            if (_loanBooks.length == MAX_LOAN_BOOKS) revert TooManyLoanBooks(MAX_LOAN_BOOKS);
            _loanBooks.push(loanBook);
            _firstLoss.seen += netLoss;
        } else if (p.outstandingMinor != 0) {
            revert LoanBookInUse(loanBook, p.outstandingMinor);
        }
        emit LoanBookChanged(loanBook, listed);
    }

    /// @inheritdoc ILendingPool
    function setSponsor(address sponsor, uint256 minimumMinor) external restricted {
        FirstLoss storage f = _firstLoss;
        uint256 held = uint256(f.reserve) + f.claimable + f.absorbed;
        if (sponsor != f.sponsor && held != 0) revert SponsorHasReserve(f.sponsor, held);
        f.sponsor = sponsor;
        f.minimum = minimumMinor.toUint64();
        emit SponsorChanged(sponsor, minimumMinor);
    }

    /// @inheritdoc ILendingPool
    function valuate() external {
        uint256 day = block.timestamp / 1 days;
        if (_last.at / 1 days == day) revert ValuedToday(day);
        _deposits.close();
        _redemptions.close();
        _bearLosses();
        Price memory price = _appraise();
        emit Valued(day, price.assets, price.unvested, price.shares);
        uint256 assets = price.assets + _settleDeposits(price);
        assets -= _settleRedemptions(price);
        uint256 unvested = Math.min(price.unvested, assets); // the last shares leave with what has not vested
        _last = Valuation({
            at: uint40(block.timestamp),
            vestedAt: uint40(price.vestedAt),
            assets: assets.toUint96(),
            unvested: uint80(Math.min(unvested, type(uint80).max))
        });
        uint256 released = _firstLoss.release(NOTICE_SECONDS, _position().impairedMinor);
        if (released != 0) emit FirstLossReleased(_firstLoss.sponsor, released);
    }

    /// @inheritdoc ILendingPool
    function addFirstLoss(uint256 amountMinor) external onlySponsor {
        _bearLosses();
        _firstLoss.reserve += amountMinor.toUint64();
        emit FirstLossAdded(msg.sender, amountMinor);
        _CASH.safeTransferFrom(msg.sender, _SAFE, amountMinor);
    }

    /// @inheritdoc ILendingPool
    function requestFirstLossWithdrawal(uint256 amountMinor) external onlySponsor {
        (_firstLoss.wanted, _firstLoss.wantedAt) = (amountMinor.toUint64(), uint40(block.timestamp));
        emit FirstLossWithdrawalRequested(msg.sender, amountMinor);
    }

    /// @inheritdoc ILendingPool
    function claimFirstLoss() external returns (uint256 amountMinor) {
        address sponsor = _firstLoss.sponsor;
        amountMinor = _firstLoss.claimable;
        _firstLoss.claimable = 0;
        emit FirstLossClaimed(sponsor, amountMinor);
        _CASH.safeTransferFrom(_SAFE, sponsor, amountMinor);
    }

    /// @inheritdoc ILendingPool
    function loanBooks() external view returns (address[] memory) {
        return _loanBooks;
    }

    /// @inheritdoc ILendingPool
    function safe() external view returns (address) {
        return _SAFE;
    }

    /// @inheritdoc ILendingPool
    function unvestedMinor() external view returns (uint256) {
        return _appraise().unvested;
    }

    /// @inheritdoc ILendingPool
    function lastValuation()
        external
        view
        returns (uint256 valuedAt, uint256 assetsMinor, uint256 unvested, uint256 vestedAt)
    {
        return (_last.at, _last.assets, _last.unvested, _last.vestedAt);
    }

    /// @inheritdoc ILendingPool
    function pendingTotals() external view returns (uint256 depositsMinor, uint256 redemptionShares) {
        return (_deposits.waiting, _redemptions.waiting);
    }

    /// @inheritdoc ILendingPool
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
        )
    {
        FirstLoss memory f = _firstLoss;
        return (f.sponsor, f.minimum, f.reserve, f.absorbed, f.borne, f.claimable);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        Position memory p = _position();
        return _CASH.balanceOf(address(this)) + p.outstandingMinor - p.impairedMinor;
    }

    /// @dev At what a valuation now would pay for shares: without what has not vested.
    function _convertToShares(
        uint256 assets,
        Math.Rounding rounding
    ) internal view override returns (uint256) {
        Price memory p = _appraise();
        return Math.mulDiv(assets, p.shares + VIRTUAL_SHARES, p.assets - p.unvested + 1, rounding);
    }

    /// @dev As above.
    function _convertToAssets(
        uint256 shares,
        Math.Rounding rounding
    ) internal view override returns (uint256) {
        Price memory p = _appraise();
        return Math.mulDiv(shares, p.assets - p.unvested + 1, p.shares + VIRTUAL_SHARES, rounding);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return SHARE_OFFSET;
    }

    function _bearLosses() private {
        int256 netLoss = _netLoss(_position());
        uint256 paid = _firstLoss.absorb(netLoss);
        if (paid != 0) {
            emit FirstLossAbsorbed(paid);
            _CASH.safeTransferFrom(_SAFE, address(this), paid);
        }
        uint256 given = _firstLoss.restore(netLoss, _CASH.balanceOf(address(this)));
        if (given != 0) {
            emit FirstLossRestored(given);
            _CASH.safeTransfer(_SAFE, given);
        }
    }

    /// @dev Who enters pays for what has not vested too: the gains it did not bear the risk of stay with the others.
    function _settleDeposits(Price memory price) private returns (uint256 assets) {
        for (uint256 i; i < MAX_SETTLEMENTS; ++i) {
            uint64 period = _deposits.due(NOTICE_SECONDS);
            if (period == 0) break;
            uint256 brought = _deposits.periods[period].requested;
            uint256 shares = Math.mulDiv(brought, price.shares + VIRTUAL_SHARES, price.assets + 1);
            if (shares > type(uint128).max) break; // a pool that lost everything but dust has no price
            _grantShares(period, brought, shares);
            assets += brought;
        }
    }

    function _settleFirstDeposit() internal {
        uint64 period = _deposits.openPeriod();
        _deposits.close();
        uint256 brought = _deposits.periods[period].requested;
        _last.assets += brought.toUint96();
        _grantShares(period, brought, Math.mulDiv(brought, VIRTUAL_SHARES, totalAssets() + 1));
    }

    function _grantShares(uint64 period, uint256 brought, uint256 shares) private {
        _deposits.settle(period, shares);
        emit DepositsSettled(period, brought, shares);
        _mint(address(this), shares);
        _CASH.safeTransferFrom(_SAFE, address(this), brought);
    }

    function _settleRedemptions(Price memory price) private returns (uint256 assets) {
        uint256 cash = _CASH.balanceOf(address(this));
        uint256 worth = price.assets - price.unvested + 1;
        for (uint256 i; i < MAX_SETTLEMENTS; ++i) {
            uint64 period = _redemptions.due(NOTICE_SECONDS);
            if (period == 0) break;
            uint256 shares = _redemptions.periods[period].requested;
            uint256 paid = Math.mulDiv(shares, worth, price.shares + VIRTUAL_SHARES);
            if (assets + paid > cash) break;
            if (shares == totalSupply()) paid = cash - assets;
            assets += paid;
            _redemptions.settle(period, paid);
            emit RedemptionsSettled(period, shares, paid);
            _burn(address(this), shares);
        }
        if (assets != 0) _CASH.safeTransfer(_SAFE, assets);
    }

    function _unlist(address loanBook) private returns (bool wasListed) {
        for (uint256 i; i < _loanBooks.length; ++i) {
            if (_loanBooks[i] != loanBook) continue;
            _loanBooks[i] = _loanBooks[_loanBooks.length - 1];
            _loanBooks.pop();
            return true;
        }
    }

    /// @dev What a valuation now would find.
    function _appraise() private view returns (Price memory price) {
        Valuation memory last = _last;
        uint256 left = last.vestedAt > block.timestamp ? last.vestedAt - block.timestamp : 0;
        uint256 unvested = left == 0 ? 0 : Math.mulDiv(last.unvested, left, last.vestedAt - last.at);
        (price.assets, price.shares) = (totalAssets(), totalSupply());
        if (price.assets > last.assets) {
            uint256 gain = price.assets - last.assets;
            price.unvested = unvested + gain;
            left = (unvested * left + gain * VESTING_SECONDS) / price.unvested;
        } else {
            price.unvested = unvested - Math.min(unvested, last.assets - price.assets);
        }
        price.unvested = Math.min(price.unvested, price.assets);
        price.vestedAt = block.timestamp + left;
    }

    /// @dev What the pool has lent, and what became of it, over all LoanBooks.
    function _position() private view returns (Position memory sum) {
        for (uint256 i; i < _loanBooks.length; ++i) {
            Position memory p = ILoanViews(_loanBooks[i]).position(address(this));
            sum.outstandingMinor += p.outstandingMinor;
            sum.impairedMinor += p.impairedMinor;
            sum.lostMinor += p.lostMinor;
            sum.recoveredMinor += p.recoveredMinor;
        }
    }

    function _netLoss(Position memory p) private pure returns (int256) {
        return int256(p.lostMinor) - int256(p.recoveredMinor);
    }
}
