// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {ILoanViews} from "./interfaces/ILoanViews.sol";

/// @title A lender held in shares
/// @notice Documented in ILendingPool.
contract LendingPool is ILendingPool, ERC4626, AccessManaged {
    /// @dev Virtual shares a minor unit: makes it a million times dearer to inflate a share than to lose by it.
    uint8 private constant SHARE_OFFSET = 6;
    bytes4 private constant REFUSED = 0xffffffff;

    /// @notice Where the pool's loans are kept.
    ILoanViews public immutable LOAN_BOOK;

    mapping(address key => uint256 validUntil) private _underwriters;

    /// @param authority the AccessManager
    /// @param cash the asset
    /// @param loanBook where the pool lends
    constructor(
        address authority,
        ICashToken cash,
        ILoanViews loanBook
    ) ERC20("Tallystick Pool Share", "TPS") ERC4626(cash) AccessManaged(authority) {
        LOAN_BOOK = loanBook;
    }

    /// @inheritdoc ILendingPool
    function setUnderwriter(address key, uint256 validUntil) external restricted {
        _underwriters[key] = validUntil;
        emit UnderwriterChanged(key, validUntil);
    }

    /// @inheritdoc ILendingPool
    function underwriter(address key) external view returns (uint256 validUntil) {
        return _underwriters[key];
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address key, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool accepted = err == ECDSA.RecoverError.NoError && block.timestamp <= _underwriters[key];
        return accepted ? IERC1271.isValidSignature.selector : REFUSED;
    }

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) restricted returns (uint256) {
        return super.deposit(assets, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) restricted returns (uint256) {
        return super.mint(shares, receiver);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return super.totalAssets() + LOAN_BOOK.position(address(this)).outstandingMinor;
    }

    /// @notice What an owner may take out now: its shares' worth, as far as cash lies in the pool.
    /// @param owner of the shares
    /// @return assets minor units
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256 assets) {
        return Math.min(convertToAssets(balanceOf(owner)), super.totalAssets());
    }

    /// @notice How many shares an owner may give back now, as far as cash lies in the pool.
    /// @param owner of the shares
    /// @return shares number
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256 shares) {
        return Math.min(super.maxRedeem(owner), convertToShares(super.totalAssets()));
    }

    function _update(address from, address to, uint256 shares) internal override {
        if (from != address(0) && to != address(0)) revert SharesNotTransferable(from, to);
        super._update(from, to, shares);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return SHARE_OFFSET;
    }
}
