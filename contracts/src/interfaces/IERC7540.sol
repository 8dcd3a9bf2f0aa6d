// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may act for a controller (ERC-7540)
interface IERC7540Operator {
    /// @notice An operator may, or may no longer, act for a controller.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    /// @notice Lets another account request and claim for the caller.
    /// @param operator the account
    /// @param approved whether it may
    /// @return always true
    function setOperator(address operator, bool approved) external returns (bool);

    /// @notice Whether an account may request and claim for another.
    /// @param controller for whom
    /// @param operator the account
    /// @return whether it may
    function isOperator(address controller, address operator) external view returns (bool);
}

/// @title Deposits that are requested first and claimed later (ERC-7540)
interface IERC7540Deposit {
    /// @notice Assets were taken in; the controller will claim shares for them.
    event DepositRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 assets
    );

    /// @notice Brings assets that become shares at a later valuation; irrevocable.
    /// @param assets minor units
    /// @param controller who will claim
    /// @param owner whose cash it is
    /// @return requestId the period
    function requestDeposit(
        uint256 assets,
        address controller,
        address owner
    ) external returns (uint256 requestId);

    /// @notice Assets of a request that waits for its valuation.
    /// @param requestId the period
    /// @param controller whose request it is
    /// @return assets minor units
    function pendingDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 assets);

    /// @notice Assets of a request whose shares can be claimed.
    /// @param requestId the period
    /// @param controller whose request it is
    /// @return assets minor units
    function claimableDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 assets);

    /// @notice Claims shares for so many of the requested assets.
    /// @param assets minor units
    /// @param receiver of the shares
    /// @param controller whose request it is
    /// @return shares number
    function deposit(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @notice Claims so many of the granted shares.
    /// @param shares number
    /// @param receiver of the shares
    /// @param controller whose request it is
    /// @return assets minor units of the request that this uses
    function mint(uint256 shares, address receiver, address controller) external returns (uint256 assets);
}

/// @title Redemptions that are requested first and claimed later (ERC-7540)
interface IERC7540Redeem {
    /// @notice Shares were taken in; the controller will claim assets for them.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );

    /// @notice Brings shares that become assets at a later valuation; irrevocable. They bear losses until then.
    /// @param shares number
    /// @param controller who will claim
    /// @param owner whose shares they are
    /// @return requestId the period
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external returns (uint256 requestId);

    /// @notice Shares of a request that waits for its valuation.
    /// @param requestId the period
    /// @param controller whose request it is
    /// @return shares number
    function pendingRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 shares);

    /// @notice Shares of a request whose assets can be claimed.
    /// @param requestId the period
    /// @param controller whose request it is
    /// @return shares number
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 shares);
}
