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
import {ICashToken} from "./interfaces/ICashToken.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {IERC7540Deposit, IERC7540Operator, IERC7540Redeem} from "./interfaces/IERC7540.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {Queue, QueueLib, Request} from "./libraries/QueueLib.sol";
import {PoolValuation} from "./PoolValuation.sol";

/// @title A lender held in shares
/// @notice Documented in ILendingPool. Who asks to enter or leave, and claims; what shares are worth is in
/// PoolValuation.
contract LendingPool is ILendingPool, PoolValuation {
    using SafeERC20 for IERC20;
    using QueueLib for Queue;

    bytes4 private constant REFUSED = 0xffffffff;
    bytes4 private constant ERC7540_OPERATOR = 0xe3bc4e65;
    bytes4 private constant ERC7540_DEPOSIT = 0xce3bbe50;
    bytes4 private constant ERC7540_REDEEM = 0x620ee8e4;
    bytes4 private constant ERC7575_SHARE = 0x2f0a18c5;

    IIdentityRegistry private immutable _IDENTITY;

    mapping(address key => uint256 validUntil) private _underwriters;
    mapping(address depositor => bool) private _depositors;
    mapping(address controller => mapping(address operator => bool)) private _operators;

    /// @param authority the AccessManager
    /// @param cash the asset
    /// @param identity who the parties are
    /// @param loanBook where the pool lends first
    constructor(
        address authority,
        ICashToken cash,
        IIdentityRegistry identity,
        address loanBook
    )
        ERC20("Tallystick Pool Share", "TPS")
        ERC4626(cash)
        AccessManaged(authority)
        PoolValuation(cash, loanBook)
    {
        _IDENTITY = identity;
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
    /// @dev Reverts NotOperator, RequestOpen, ZeroRequest, ERC20InsufficientBalance, PartyNotInStanding when the owner
    /// is not and leaves its shares to another. Nobody needs to be admitted to leave.
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external returns (uint256 requestId) {
        _requireActsFor(owner);
        _requireActsFor(controller);
        _requireMayGive(owner, controller);
        requestId = _redemptions.add(controller, shares);
        emit RedeemRequest(controller, owner, requestId, msg.sender, shares);
        _transfer(owner, address(this), shares);
    }

    /// @inheritdoc IERC7540Deposit
    /// @dev Reverts NotOperator, ClaimTooLarge; when the receiver is another account than the controller,
    /// DepositorNotAdmitted if that is not admitted, PartyNotInStanding if the controller is not.
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
    /// @dev Reverts NotOperator, ClaimTooLarge, PartyNotInStanding when the controller is not and the receiver another.
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
    /// @dev Reverts as withdraw.
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
        _requireMayGive(controller, receiver);
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
        _CASH.safeTransferFrom(_SAFE, receiver, assets);
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
        _requireMayGive(controller, receiver);
    }

    /// @dev Who is frozen has its own, and gives it to nobody.
    function _requireMayGive(address giver, address receiver) private view {
        if (receiver != giver && !_IDENTITY.mayTransact(giver)) revert PartyNotInStanding(giver);
    }

    function _requireActsFor(address account) private view {
        if (account != msg.sender && !_operators[account][msg.sender]) {
            revert NotOperator(account, msg.sender);
        }
    }
}
