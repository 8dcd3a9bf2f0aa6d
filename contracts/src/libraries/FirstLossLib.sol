// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev A sponsor's reserve and the losses it has seen. Amounts are minor units.
struct FirstLoss {
    address sponsor;
    uint64 minimum; // what a withdrawal leaves in
    uint64 reserve; // cash apart
    uint64 absorbed; // losses it paid for and did not get back
    uint64 borne; // losses beyond it, by the pool, and not recovered
    uint64 claimable; // released to the sponsor
    uint64 wanted; // asked for by the sponsor
    uint40 wantedAt;
    int256 seen; // losses less recoveries at the last valuation, cumulative
}

/// @title The first loss of a pool
/// @notice A loss comes out of the reserve until it is used up, then out of the pool. A recovery goes back to who lost
/// last: the pool first, then the reserve.
library FirstLossLib {
    using SafeCast for uint256;

    /// @notice Lets the reserve pay for what was lost since the last valuation.
    /// @param f the first loss
    /// @param netLoss losses less recoveries of the pool, cumulative, minor units
    /// @return paid minor units, from the reserve to the pool
    function absorb(FirstLoss storage f, int256 netLoss) internal returns (uint256 paid) {
        if (netLoss <= f.seen) return 0;
        uint256 loss = uint256(netLoss - f.seen);
        paid = Math.min(loss, f.reserve);
        f.seen = netLoss;
        f.reserve -= uint64(paid);
        f.absorbed += uint64(paid);
        f.borne += (loss - paid).toUint64();
    }

    /// @notice Gives recoveries since the last valuation back to the reserve, once the pool has its own.
    /// @dev What the pool has lent on meanwhile is given back at a later valuation.
    /// @param f the first loss
    /// @param netLoss losses less recoveries of the pool, cumulative, minor units
    /// @param cash of the pool, minor units
    /// @return given minor units, from the pool to the reserve
    function restore(FirstLoss storage f, int256 netLoss, uint256 cash) internal returns (uint256 given) {
        if (netLoss >= f.seen) return 0;
        uint256 recovery = uint256(f.seen - netLoss);
        uint256 toPool = Math.min(recovery, f.borne);
        uint256 toReserve = Math.min(recovery - toPool, f.absorbed);
        given = Math.min(toReserve, cash);
        f.seen = netLoss + int256(toReserve - given);
        f.borne -= uint64(toPool);
        f.absorbed -= uint64(given);
        f.reserve += uint64(given);
    }

    /// @notice Sets apart for the sponsor what it asked for, if its notice is over.
    /// @dev What is impaired stays in: who bears losses first does not leave before a loss that everybody can see.
    /// @param f the first loss
    /// @param noticeSeconds least age of the request
    /// @param impairedMinor of what the pool has lent, so much is not expected back, minor units
    /// @return released minor units
    function release(
        FirstLoss storage f,
        uint256 noticeSeconds,
        uint256 impairedMinor
    ) internal returns (uint256 released) {
        if (f.wanted == 0 || f.wantedAt + noticeSeconds > block.timestamp) return 0;
        uint256 kept = f.minimum + impairedMinor;
        uint256 free = f.reserve > kept ? f.reserve - kept : 0;
        released = Math.min(f.wanted, free);
        f.wanted = 0;
        f.reserve -= uint64(released);
        f.claimable += uint64(released);
    }
}
