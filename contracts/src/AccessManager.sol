// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager as OpenZeppelinAccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @title Roles with delays, and three offices that hold each other in check
/// @notice OpenZeppelin's AccessManager with three rules more, so that no single stolen key is beyond stopping:
/// - GUARDIAN cancels whatever was announced, ADMIN's own acts too, which nobody but ADMIN could cancel otherwise.
/// - GUARDIAN suspends an account at once: its roles open nothing until TRUSTEE resumes it. The offices ADMIN,
///   GUARDIAN and TRUSTEE are not lost by it: ADMIN's acts are cancelled, a guardian is dismissed by TRUSTEE, who hands
///   that role out, and TRUSTEE is replaced by ADMIN.
/// - A contract keeps its authority for ever: whoever asks this manager who could do what gets the whole answer.
contract AccessManager is OpenZeppelinAccessManager {
    /// @notice Who cancels and suspends.
    uint64 public constant GUARDIAN_ROLE = 8;
    /// @notice Who dismisses and appoints guardians, and resumes.
    uint64 public constant TRUSTEE_ROLE = 17;

    mapping(address account => bool) private _suspended;

    /// @notice An account's roles open nothing from now on.
    event AccountSuspended(address indexed account);
    /// @notice An account's roles open again what they did.
    event AccountResumed(address indexed account);

    /// @notice No contract is given to another authority.
    error AuthorityIsFixed(address target);

    /// @param initialAdmin who holds ADMIN, without a delay, until it has handed out the roles
    constructor(address initialAdmin) OpenZeppelinAccessManager(initialAdmin) {}

    /// @notice Lets an account's roles open nothing, for instance when its key was stolen.
    /// @dev Restricted to GUARDIAN. What the account announced can no longer be carried out.
    /// @param account who holds the roles
    function suspend(address account) external onlyAuthorized {
        _suspended[account] = true;
        emit AccountSuspended(account);
    }

    /// @notice Lets a suspended account's roles open again what they did.
    /// @dev Restricted to TRUSTEE.
    /// @param account who holds the roles
    function resume(address account) external onlyAuthorized {
        _suspended[account] = false;
        emit AccountResumed(account);
    }

    /// @notice Whether an account's roles open nothing.
    /// @param account who holds the roles
    /// @return whether they do not
    function isSuspended(address account) external view returns (bool) {
        return _suspended[account];
    }

    /// @notice Refuses: a contract keeps its authority.
    /// @dev Reverts AuthorityIsFixed.
    /// @param target the contract
    function updateAuthority(address target, address) public pure override {
        revert AuthorityIsFixed(target);
    }

    /// @notice Whether an account holds a role and is not suspended from it, and how long it waits for each act.
    /// @param roleId the role
    /// @param account who may hold it
    /// @return isMember whether it does
    /// @return executionDelay seconds
    function hasRole(
        uint64 roleId,
        address account
    ) public view override returns (bool isMember, uint32 executionDelay) {
        if (_suspended[account] && !_isOffice(roleId)) return (false, 0);
        return super.hasRole(roleId, account);
    }

    /// @notice Whether an account may call a function, at once or after announcing it.
    /// @dev OpenZeppelin's would let ADMIN give a contract another authority by `execute`.
    /// @param caller the account
    /// @param target the contract
    /// @param selector of the function
    /// @return immediate whether it may at once
    /// @return delay seconds after which it may, 0 for never or at once
    function canCall(
        address caller,
        address target,
        bytes4 selector
    ) public view override returns (bool immediate, uint32 delay) {
        if (selector == IAccessManaged.setAuthority.selector) return (false, 0);
        return super.canCall(caller, target, selector);
    }

    function _canCancel(
        address caller,
        address target,
        bytes calldata data
    ) internal view override returns (bool) {
        (bool isGuardian, ) = hasRole(GUARDIAN_ROLE, _msgSender());
        return isGuardian || super._canCancel(caller, target, data);
    }

    /// @dev What everybody may do, a suspended account may too.
    function _isOffice(uint64 roleId) private pure returns (bool) {
        return
            roleId == ADMIN_ROLE ||
            roleId == GUARDIAN_ROLE ||
            roleId == TRUSTEE_ROLE ||
            roleId == PUBLIC_ROLE;
    }
}
