// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @title A lender whose money is held in shares and whose agreements an underwriting key signs
/// @notice ERC-4626 over CashToken with virtual shares. Its assets are its cash and the principal outstanding.
/// Depositors act through a role; shares do not move between accounts.
interface ILendingPool is IERC4626, IERC1271 {
    /// @notice A key signs agreements for the pool until this instant, UTC seconds; 0 withdraws it.
    event UnderwriterChanged(address indexed key, uint256 validUntil);

    /// @notice Shares are not transferable.
    error SharesNotTransferable(address from, address to);

    /// @notice Lets a key sign for the pool until an instant.
    /// @dev Restricted to UNDERWRITING_ADMIN.
    /// @param key address of the key
    /// @param validUntil last second at which its signatures are accepted, 0 withdraws it
    function setUnderwriter(address key, uint256 validUntil) external;

    /// @notice Until when a key may sign for the pool.
    /// @param key address of the key
    /// @return validUntil UTC seconds, 0 when it may not
    function underwriter(address key) external view returns (uint256 validUntil);
}
