// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {IERC7540Deposit, IERC7540Operator, IERC7540Redeem} from "./interfaces/IERC7540.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {ILoanViews} from "./interfaces/ILoanViews.sol";
import {FirstLoss, FirstLossLib} from "./libraries/FirstLossLib.sol";
import {Queue, QueueLib, Request} from "./libraries/QueueLib.sol";
import {PoolSafe} from "./PoolSafe.sol";
import {Position} from "./Types.sol";

/// @title A lender held in shares
/// @notice Documented in ILendingPool.
contract LendingPool is ILendingPool, ERC4626, AccessManaged {
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
    bytes4 private constant REFUSED = 0xffffffff;
    bytes4 private constant ERC7540_OPERATOR = 0xe3bc4e65;
    bytes4 private constant ERC7540_DEPOSIT = 0xce3bbe50;
    bytes4 private constant ERC7540_REDEEM = 0x620ee8e4;
    bytes4 private constant ERC7575_SHARE = 0x2f0a18c5;

    IERC20 private immutable _CASH;
    IIdentityRegistry private immutable _IDENTITY;
    address private immutable _SAFE;

    Valuation private _last;
    Queue private _deposits;
    Queue private _redemptions;
    FirstLoss private _firstLoss;
    address[] private _loanBooks;
    mapping(address key => uint256 validUntil) private _underwriters;
    mapping(address depositor => bool) private _depositors;
    mapping(address controller => mapping(address operator => bool)) private _operators;

    modifier onlySponsor() {
        if (msg.sender != _firstLoss.sponsor) revert NotSponsor(msg.sender, _firstLoss.sponsor);
        _;
    }

    /// @param authority the AccessManager
    /// @param cash the asset
    /// @param identity who the parties are
    /// @param loanBook where the pool lends first
    constructor(
        address authority,
        ICashToken cash,
        IIdentityRegistry identity,
        address loanBook
    ) ERC20("Tallystick Pool Share", "TPS") ERC4626(cash) AccessManaged(authority) {
        _CASH = cash;
        _IDENTITY = identity;
        _SAFE = address(new PoolSafe(cash));
        _loanBooks.push(loanBook);
        emit LoanBookChanged(loanBook, true);
    }

    /// @inheritdoc ILendingPool
    function setUnderwriter(address key, uint256 validUntil) external restricted {
        _underwriters[key] = validUntil;
        emit UnderwriterChanged(key, validUntil);
    }

    /// @inheritdoc ILendingPool
    function setDepositor(address depositor, bool admitted) external restricted {
        _depositors[depositor] = admitted;
        emit DepositorChanged(depositor, admitted);
    }

    /// @inheritdoc ILendingPool
    function setLoanBook(address loanBook, bool listed) external restricted {
        _unlist(loanBook);
        if (listed) {
            if (_loanBooks.length == MAX_LOAN_BOOKS) revert TooManyLoanBooks(MAX_LOAN_BOOKS);
            _loanBooks.push(loanBook);
        } else {
            uint256 outstandingMinor = ILoanViews(loanBook).position(address(this)).outstandingMinor;
            if (outstandingMinor != 0) revert LoanBookInUse(loanBook, outstandingMinor);
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

    /// @inheritdoc IERC7540Operator
    function setOperator(address operator, bool approved) external returns (bool) {
        _operators[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IERC7540Deposit
    /// @dev Reverts DepositorNotAdmitted, NotOperator, RequestOpen, ZeroRequest; the owner's cash must be approved. The
    /// first deposit into an empty pool settles at once, at the price of an empty pool: nobody else has a share in
    /// whatever could be timed.
    function requestDeposit(
        uint256 assets,
        address controller,
        address owner
    ) external returns (uint256 requestId) {
        _requireActsFor(owner);
        _requireActsFor(controller);
        if (!_depositors[controller] || !_IDENTITY.mayTransact(controller)) {
            revert DepositorNotAdmitted(controller);
        }
        bool first = totalSupply() == 0 && _deposits.waiting == 0;
        requestId = _deposits.add(controller, assets);
        emit DepositRequest(controller, owner, requestId, msg.sender, assets);
        _CASH.safeTransferFrom(owner, _SAFE, assets);
        if (first) _settleFirstDeposit();
    }

    /// @inheritdoc IERC7540Redeem
    /// @dev Reverts NotOperator, RequestOpen, ZeroRequest, ERC20InsufficientBalance. Nobody needs to be admitted to
    /// leave.
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external returns (uint256 requestId) {
        _requireActsFor(owner);
        _requireActsFor(controller);
        requestId = _redemptions.add(controller, shares);
        emit RedeemRequest(controller, owner, requestId, msg.sender, shares);
        _transfer(owner, address(this), shares);
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
        _last = Valuation({
            at: uint40(block.timestamp),
            vestedAt: uint40(price.vestedAt),
            assets: assets.toUint96(),
            unvested: uint80(Math.min(price.unvested, type(uint80).max))
        });
        uint256 released = _firstLoss.release(NOTICE_SECONDS);
        if (released != 0) emit FirstLossReleased(_firstLoss.sponsor, released);
    }

    /// @inheritdoc ILendingPool
    function addFirstLoss(uint256 amountMinor) external onlySponsor {
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

    /// @inheritdoc IERC7540Deposit
    /// @dev Reverts NotOperator, ClaimTooLarge, DepositorNotAdmitted when the receiver is another account than the
    /// controller and not admitted.
    function deposit(uint256 assets, address receiver, address controller) external returns (uint256 shares) {
        return _claimShares(assets, receiver, controller);
    }

    /// @inheritdoc IERC7540Deposit
    /// @dev Reverts as deposit.
    function mint(uint256 shares, address receiver, address controller) external returns (uint256 assets) {
        return _claimExactShares(shares, receiver, controller);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address key, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool accepted = err == ECDSA.RecoverError.NoError && block.timestamp <= _underwriters[key];
        return accepted ? IERC1271.isValidSignature.selector : REFUSED;
    }

    /// @inheritdoc ILendingPool
    function underwriter(address key) external view returns (uint256 validUntil) {
        return _underwriters[key];
    }

    /// @inheritdoc ILendingPool
    function isDepositor(address depositor) external view returns (bool) {
        return _depositors[depositor];
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

    /// @inheritdoc IERC7540Operator
    function isOperator(address controller, address operator) external view returns (bool) {
        return _operators[controller][operator];
    }

    /// @inheritdoc IERC7540Deposit
    function pendingDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _pending(_deposits, requestId, controller);
    }

    /// @inheritdoc IERC7540Deposit
    function claimableDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        Request memory r = _deposits.view_(controller);
        return r.opened && r.period == requestId ? r.requested : 0;
    }

    /// @inheritdoc IERC7540Redeem
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _pending(_redemptions, requestId, controller);
    }

    /// @inheritdoc IERC7540Redeem
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        Request memory r = _redemptions.view_(controller);
        return r.opened && r.period == requestId ? r.requested : 0;
    }

    /// @inheritdoc ILendingPool
    function share() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == ERC7540_OPERATOR ||
            interfaceId == ERC7540_DEPOSIT ||
            interfaceId == ERC7540_REDEEM ||
            interfaceId == ERC7575_SHARE;
    }

    /// @notice Claims shares for so many of the caller's settled assets.
    /// @param assets minor units of the caller's request
    /// @param receiver of the shares
    /// @return shares number
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) returns (uint256 shares) {
        return _claimShares(assets, receiver, msg.sender);
    }

    /// @notice Claims so many of the shares that the caller's settled assets became.
    /// @param shares number
    /// @param receiver of the shares
    /// @return assets minor units of the caller's request that this uses
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) returns (uint256 assets) {
        return _claimExactShares(shares, receiver, msg.sender);
    }

    /// @notice Claims so much of the cash that the controller's settled shares became.
    /// @param assets minor units
    /// @param receiver of the cash
    /// @param controller whose request it is
    /// @return shares of the request that this uses
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) public override(ERC4626, IERC4626) returns (uint256 shares) {
        _requireActsFor(controller);
        shares = _redemptions.takeGranted(controller, assets);
        _payOut(receiver, controller, assets, shares);
    }

    /// @notice Claims the cash for so many of the controller's settled shares.
    /// @param shares of the request
    /// @param receiver of the cash
    /// @param controller whose request it is
    /// @return assets minor units
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) public override(ERC4626, IERC4626) returns (uint256 assets) {
        _requireActsFor(controller);
        assets = _redemptions.take(controller, shares);
        _payOut(receiver, controller, assets, shares);
    }

    /// @notice Shares do not move between accounts.
    /// @param to nobody
    /// @return never
    function transfer(address to, uint256) public view override(ERC20, IERC20) returns (bool) {
        revert SharesNotTransferable(msg.sender, to);
    }

    /// @notice Shares do not move between accounts.
    /// @param from nobody
    /// @param to nobody
    /// @return never
    function transferFrom(
        address from,
        address to,
        uint256
    ) public pure override(ERC20, IERC20) returns (bool) {
        revert SharesNotTransferable(from, to);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        (uint256 lent, ) = _lent();
        return _CASH.balanceOf(address(this)) + lent;
    }

    /// @notice Assets whose shares the controller can claim.
    /// @param controller whose request it is
    /// @return assets minor units
    function maxDeposit(address controller) public view override(ERC4626, IERC4626) returns (uint256 assets) {
        Request memory r = _deposits.view_(controller);
        return r.opened ? r.requested : 0;
    }

    /// @notice Shares that the controller can claim.
    /// @param controller whose request it is
    /// @return shares number
    function maxMint(address controller) public view override(ERC4626, IERC4626) returns (uint256 shares) {
        return _deposits.view_(controller).granted;
    }

    /// @notice Cash that the controller can claim.
    /// @param controller whose request it is
    /// @return assets minor units
    function maxWithdraw(
        address controller
    ) public view override(ERC4626, IERC4626) returns (uint256 assets) {
        return _redemptions.view_(controller).granted;
    }

    /// @notice Shares whose cash the controller can claim.
    /// @param controller whose request it is
    /// @return shares number
    function maxRedeem(address controller) public view override(ERC4626, IERC4626) returns (uint256 shares) {
        Request memory r = _redemptions.view_(controller);
        return r.opened ? r.requested : 0;
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert PreviewUnavailable();
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

    function _claimShares(
        uint256 assets,
        address receiver,
        address controller
    ) private returns (uint256 shares) {
        _requireReceiver(receiver, controller);
        shares = _deposits.take(controller, assets);
        emit Deposit(controller, receiver, assets, shares);
        _transfer(address(this), receiver, shares);
    }

    function _claimExactShares(
        uint256 shares,
        address receiver,
        address controller
    ) private returns (uint256 assets) {
        _requireReceiver(receiver, controller);
        assets = _deposits.takeGranted(controller, shares);
        emit Deposit(controller, receiver, assets, shares);
        _transfer(address(this), receiver, shares);
    }

    function _payOut(address receiver, address controller, uint256 assets, uint256 shares) private {
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
        _CASH.safeTransferFrom(_SAFE, receiver, assets);
    }

    function _bearLosses() private {
        (, int256 netLoss) = _lent();
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

    function _settleFirstDeposit() private {
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
            assets += paid;
            _redemptions.settle(period, paid);
            emit RedemptionsSettled(period, shares, paid);
            _burn(address(this), shares);
        }
        if (assets != 0) _CASH.safeTransfer(_SAFE, assets);
    }

    function _unlist(address loanBook) private {
        for (uint256 i; i < _loanBooks.length; ++i) {
            if (_loanBooks[i] != loanBook) continue;
            _loanBooks[i] = _loanBooks[_loanBooks.length - 1];
            _loanBooks.pop();
            return;
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

    /// @dev Principal outstanding less impaired, and losses less recoveries, over all LoanBooks.
    function _lent() private view returns (uint256 lent, int256 netLoss) {
        for (uint256 i; i < _loanBooks.length; ++i) {
            Position memory p = ILoanViews(_loanBooks[i]).position(address(this));
            lent += p.outstandingMinor - p.impairedMinor;
            netLoss += int256(p.lostMinor) - int256(p.recoveredMinor);
        }
    }

    function _pending(
        Queue storage queue,
        uint256 requestId,
        address controller
    ) private view returns (uint256) {
        Request memory r = queue.view_(controller);
        return !r.opened && r.period == requestId ? r.requested : 0;
    }

    /// @dev Who was admitted once always gets its own shares.
    function _requireReceiver(address receiver, address controller) private view {
        _requireActsFor(controller);
        if (receiver != controller && !_depositors[receiver]) revert DepositorNotAdmitted(receiver);
    }

    function _requireActsFor(address account) private view {
        if (account != msg.sender && !_operators[account][msg.sender]) {
            revert NotOperator(account, msg.sender);
        }
    }
}
