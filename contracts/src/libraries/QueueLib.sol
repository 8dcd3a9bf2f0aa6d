// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev What all of a period's requests bring, and what they are granted together.
struct Period {
    uint128 requested;
    uint128 granted;
    uint40 lastRequestAt;
    bool settled;
}

/// @dev What is left of one controller's request; `granted` counts once `opened`.
struct Request {
    uint64 period;
    bool opened;
    uint128 requested;
    uint128 granted;
}

/// @dev Requests of one kind. Periods are numbered from 1; those before `next` are settled, `open` takes requests.
struct Queue {
    mapping(uint256 number => Period) periods;
    mapping(address controller => Request) requests;
    uint64 open;
    uint64 next;
    uint128 waiting;
}

/// @title Requests that settle by periods
/// @notice A period is settled by its totals, so that the number of requests in it does not matter; each controller
/// then takes its part of what the period was granted, rounded down.
///
///     open: takes requests --valuation--> closed --notice over--> settled: each controller claims
library QueueLib {
    using SafeCast for uint256;

    /// @notice The controller's earlier request is not settled and claimed in full yet.
    error RequestOpen(address controller, uint256 requestId);
    /// @notice A request must bring something.
    error ZeroRequest(address controller);
    /// @notice More than the controller can claim now.
    error ClaimTooLarge(address controller, uint256 wanted, uint256 claimable);

    /// @notice Adds to the controller's request of the open period.
    /// @param q the queue
    /// @param controller whose request it is
    /// @param amount what it brings
    /// @return number of the period: the request id
    function add(Queue storage q, address controller, uint256 amount) internal returns (uint64 number) {
        if (amount == 0) revert ZeroRequest(controller);
        number = openPeriod(q);
        q.open = number;
        Request storage r = q.requests[controller];
        if (r.period != number) {
            if (r.requested != 0) revert RequestOpen(controller, r.period);
            (r.period, r.opened, r.granted) = (number, false, 0);
        }
        r.requested += amount.toUint128();
        Period storage p = q.periods[number];
        p.requested += amount.toUint128();
        p.lastRequestAt = uint40(block.timestamp);
        q.waiting += uint128(amount);
    }

    /// @notice Ends the open period if anything was requested in it.
    /// @param q the queue
    function close(Queue storage q) internal {
        uint64 number = openPeriod(q);
        if (q.periods[number].requested != 0) q.open = number + 1;
    }

    /// @notice The next period to settle, if it is closed and its last request is old enough.
    /// @param q the queue
    /// @param noticeSeconds least age of its last request
    /// @return number 0 when there is none
    function due(Queue storage q, uint256 noticeSeconds) internal view returns (uint64 number) {
        number = nextPeriod(q);
        if (number >= openPeriod(q)) return 0;
        if (q.periods[number].lastRequestAt + noticeSeconds > block.timestamp) return 0;
    }

    /// @notice Settles the next period.
    /// @param q the queue
    /// @param number of the period
    /// @param granted what its requests get together
    function settle(Queue storage q, uint64 number, uint256 granted) internal {
        Period storage p = q.periods[number];
        (p.granted, p.settled) = (granted.toUint128(), true);
        q.waiting -= p.requested;
        q.next = number + 1;
    }

    /// @notice Takes part of what a controller was granted, by what it requested.
    /// @param q the queue
    /// @param controller whose request it is
    /// @param requested part of the request
    /// @return granted what it gets for it, rounded down; for all of it all that is left
    function take(Queue storage q, address controller, uint256 requested) internal returns (uint256 granted) {
        Request memory r = view_(q, controller);
        if (!r.opened || requested > r.requested || requested == 0) {
            revert ClaimTooLarge(controller, requested, r.opened ? r.requested : 0);
        }
        granted = Math.mulDiv(r.granted, requested, r.requested);
        _take(q, controller, r, requested, granted);
    }

    /// @notice Takes part of what a controller was granted, by what it gets.
    /// @param q the queue
    /// @param controller whose request it is
    /// @param granted part of what it was granted
    /// @return requested what this uses of the request, rounded down so that none is used up before all is taken
    function takeGranted(
        Queue storage q,
        address controller,
        uint256 granted
    ) internal returns (uint256 requested) {
        Request memory r = view_(q, controller);
        if (!r.opened || granted > r.granted || granted == 0) {
            revert ClaimTooLarge(controller, granted, r.opened ? r.granted : 0);
        }
        requested = Math.mulDiv(r.requested, granted, r.granted);
        _take(q, controller, r, requested, granted);
    }

    /// @notice What is left of a controller's request; opened when its period is settled.
    /// @param q the queue
    /// @param controller whose request it is
    /// @return r the request
    function view_(Queue storage q, address controller) internal view returns (Request memory r) {
        r = q.requests[controller];
        Period storage p = q.periods[r.period];
        if (r.opened || !p.settled) return r;
        r.opened = true;
        r.granted = uint128(Math.mulDiv(p.granted, r.requested, p.requested)); // at most what the period got
    }

    /// @notice The period that takes requests now.
    /// @param q the queue
    /// @return number at least 1
    function openPeriod(Queue storage q) internal view returns (uint64 number) {
        return q.open == 0 ? 1 : q.open;
    }

    /// @notice The period that settles next.
    /// @param q the queue
    /// @return number at least 1
    function nextPeriod(Queue storage q) internal view returns (uint64 number) {
        return q.next == 0 ? 1 : q.next;
    }

    function _take(
        Queue storage q,
        address controller,
        Request memory r,
        uint256 requested,
        uint256 granted
    ) private {
        r.requested -= uint128(requested);
        r.granted -= uint128(granted);
        q.requests[controller] = r;
    }
}
