// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Cash in a pool's care that is not the pool's own
/// @notice It stands at its own address so that no agreement signed for the pool can lend it. Only the pool that
/// creates it moves it, by allowance.
contract PoolSafe {
    /// @param cash the token
    constructor(IERC20 cash) {
        SafeERC20.forceApprove(cash, msg.sender, type(uint256).max);
    }
}
