// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {History} from "../interfaces/ICreditRegistry.sol";

/// @notice A subject's two words; CreditPacking says what stands in them.
struct PackedCredit {
    uint256 hot;
    uint256 cold;
}

/// @title A subject's credit in two words
/// @notice Lowest bits first.
/// `hot`, all that an origination and the closing of a loan paid on time read and write:
/// flags 4 (bit 0 revoked), loansOnTime 8, scale 8 (percent, 0 stands for 100), signer set 8, openLoans 12,
/// expiresAt 32, reservedMinor 48, limitMinor 48 (the report's), uid 88.
/// `cold`, touched by reports, lateness and steps of the limit only:
/// late1 8, late30 8, late60 8, late90 8, cured 8, writtenOff 8; the same without cured, after loansOnTime, as the last
/// step saw them 48; sequence as the last step saw it 24, sequence 24, steppedAt 32, issuedAt 32, score 16.
/// @dev Of the uid the first 88 bits are kept, so that one slot is enough to reserve: 2,100 gas at each origination.
/// The uid only says which report an agreement was made on; the limit that applies is always the current report's. To
/// pass one report for another, somebody would have to hit 88 given bits with a report that a quorum signs. The whole
/// uid stands in the event. Times have 32 bits, which last until the year 2106. Counters stop at 255.
library CreditPacking {
    uint256 internal constant MAX_MINOR = type(uint48).max;
    uint256 internal constant MAX_OPEN_LOANS = 2 ** 12 - 1;
    uint256 internal constant MAX_SEQUENCE = type(uint24).max;
    uint256 internal constant MAX_SECONDS = type(uint32).max;
    uint256 internal constant FULL_COUNTER = type(uint8).max;
    uint256 internal constant NEUTRAL_SCALE = 100;

    uint256 internal constant ON_TIME = 4; // in hot
    uint256 internal constant LATE_1 = 0; // these in cold
    uint256 internal constant LATE_30 = 8;
    uint256 internal constant LATE_60 = 16;
    uint256 internal constant LATE_90 = 24;
    uint256 internal constant CURED = 32;
    uint256 internal constant WRITTEN_OFF = 40;
    uint256 internal constant SEEN_ON_TIME = 48;
    uint256 internal constant SEEN_LATE_1 = 56;
    uint256 internal constant SEEN_WRITTEN_OFF = 88;

    uint256 private constant REVOKED = 1;
    uint256 private constant SCALE = 12;
    uint256 private constant SIGNER_SET = 20;
    uint256 private constant OPEN_LOANS = 28;
    uint256 private constant EXPIRES_AT = 40;
    uint256 private constant RESERVED = 72;
    uint256 private constant LIMIT = 120;
    uint256 private constant UID = 168;
    uint256 private constant SEEN_SEQUENCE = 96;
    uint256 private constant SEQUENCE = 120;
    uint256 private constant STEPPED_AT = 144;
    uint256 private constant ISSUED_AT = 176;
    uint256 private constant SCORE = 208;
    uint256 private constant LATE_COUNTERS_MASK = 0xffffffff;
    /// @dev What a new report leaves in hot: reservedMinor, openLoans, scale, loansOnTime.
    uint256 private constant KEPT_MASK =
        (MAX_MINOR << RESERVED) |
            (MAX_OPEN_LOANS << OPEN_LOANS) |
            (FULL_COUNTER << SCALE) |
            (FULL_COUNTER << ON_TIME);
    /// @dev What a new report leaves in cold: everything below the sequence, and steppedAt.
    uint256 private constant KEPT_COLD_MASK = (2 ** SEQUENCE - 1) | (MAX_SECONDS << STEPPED_AT);

    /// @notice Hot word with a new report in it.
    function withReport(
        uint256 hot,
        bytes32 uid,
        uint256 limitMinor,
        uint256 expiresAt_,
        uint256 set
    ) internal pure returns (uint256) {
        uint256 report = ((uint256(uid) >> UID) << UID) | (limitMinor << LIMIT);
        return report | (expiresAt_ << EXPIRES_AT) | (set << SIGNER_SET) | (hot & KEPT_MASK);
    }

    /// @notice Cold word with a new report in it. A subject's first one is where the first step counts from.
    function withIssue(
        uint256 cold,
        uint256 score_,
        uint256 issuedAt_,
        uint256 sequence_,
        uint256 nowAt
    ) internal pure returns (uint256) {
        uint256 report = (score_ << SCORE) | (issuedAt_ << ISSUED_AT) | (sequence_ << SEQUENCE);
        if (sequence_ == 1) report |= (nowAt << STEPPED_AT) | (1 << SEEN_SEQUENCE);
        return report | (cold & KEPT_COLD_MASK);
    }

    /// @notice Hot word with the report revoked.
    function withRevoked(uint256 hot) internal pure returns (uint256) {
        return hot | REVOKED;
    }

    /// @notice Hot word with other loans in it; the caller keeps both within their bounds.
    function withExposure(uint256 hot, uint256 openLoans_, uint256 reserved) internal pure returns (uint256) {
        uint256 cleared = hot & ~((MAX_MINOR << RESERVED) | (MAX_OPEN_LOANS << OPEN_LOANS));
        return cleared | (reserved << RESERVED) | (openLoans_ << OPEN_LOANS);
    }

    /// @notice Hot word with another scale.
    function withScale(uint256 hot, uint256 percent) internal pure returns (uint256) {
        return (hot & ~(FULL_COUNTER << SCALE)) | (percent << SCALE);
    }

    /// @notice Cold word after a step that has seen every counter and report so far.
    function withStep(uint256 cold, uint256 hot, uint256 nowAt) internal pure returns (uint256) {
        uint256 kept = cold & ~((2 ** SEQUENCE - 2 ** SEEN_ON_TIME) | (MAX_SECONDS << STEPPED_AT));
        uint256 seen = (counter(hot, ON_TIME) << SEEN_ON_TIME) | ((cold & LATE_COUNTERS_MASK) << SEEN_LATE_1);
        seen |= counter(cold, WRITTEN_OFF) << SEEN_WRITTEN_OFF;
        return kept | seen | (sequence(cold) << SEEN_SEQUENCE) | (nowAt << STEPPED_AT);
    }

    /// @notice A word with one of its counters raised, which stops at 255.
    function raised(uint256 word, uint256 at) internal pure returns (uint256) {
        return counter(word, at) == FULL_COUNTER ? word : word + (1 << at);
    }

    /// @notice A word with one of its counters lowered. One that is full stays so: how far beyond it was is not known.
    function lowered(uint256 word, uint256 at) internal pure returns (uint256) {
        uint256 count = counter(word, at);
        return count == FULL_COUNTER || count == 0 ? word : word - (1 << at);
    }

    /// @notice One of a word's counters.
    function counter(uint256 word, uint256 at) internal pure returns (uint256) {
        return (word >> at) & FULL_COUNTER;
    }

    /// @notice Whether a uid is the current report's, by what is kept of it.
    function isReport(uint256 hot, bytes32 uid) internal pure returns (bool) {
        return (hot ^ uint256(uid)) >> UID == 0 && hot >> UID != 0;
    }

    /// @notice What is kept of the uid, zeros behind it.
    function cutUid(uint256 hot) internal pure returns (bytes32) {
        return bytes32((hot >> UID) << UID);
    }

    /// @notice Whether the report was revoked.
    function isRevoked(uint256 hot) internal pure returns (bool) {
        return hot & REVOKED != 0;
    }

    /// @notice The dynamic limit's scale, percent.
    function scale(uint256 hot) internal pure returns (uint256) {
        uint256 percent = counter(hot, SCALE);
        return percent == 0 ? NEUTRAL_SCALE : percent;
    }

    /// @notice The number of the set of signers that signed the report.
    function signerSetOf(uint256 hot) internal pure returns (uint256) {
        return counter(hot, SIGNER_SET);
    }

    /// @notice Loans that are open.
    function openLoans(uint256 hot) internal pure returns (uint256) {
        return (hot >> OPEN_LOANS) & MAX_OPEN_LOANS;
    }

    /// @notice Their principal.
    function reservedMinor(uint256 hot) internal pure returns (uint256) {
        return (hot >> RESERVED) & MAX_MINOR;
    }

    /// @notice The report's own limit.
    function limitOf(uint256 hot) internal pure returns (uint256) {
        return (hot >> LIMIT) & MAX_MINOR;
    }

    /// @notice When the report expires.
    function expiresAt(uint256 hot) internal pure returns (uint256) {
        return (hot >> EXPIRES_AT) & MAX_SECONDS;
    }

    /// @notice The report's sequence, 0 when there is none.
    function sequence(uint256 cold) internal pure returns (uint256) {
        return (cold >> SEQUENCE) & MAX_SEQUENCE;
    }

    /// @notice The sequence at the last step.
    function seenSequence(uint256 cold) internal pure returns (uint256) {
        return (cold >> SEEN_SEQUENCE) & MAX_SEQUENCE;
    }

    /// @notice When the limit last stepped, or else when the first report came.
    function steppedAt(uint256 cold) internal pure returns (uint256) {
        return (cold >> STEPPED_AT) & MAX_SECONDS;
    }

    /// @notice When the report was issued.
    function issuedAt(uint256 cold) internal pure returns (uint256) {
        return (cold >> ISSUED_AT) & MAX_SECONDS;
    }

    /// @notice The report's score.
    function scoreOf(uint256 cold) internal pure returns (uint256) {
        return (cold >> SCORE) & type(uint16).max;
    }

    /// @notice The seven counters.
    function history(uint256 hot, uint256 cold) internal pure returns (History memory) {
        return
            History({
                loansOnTime: counter(hot, ON_TIME),
                late1: counter(cold, LATE_1),
                late30: counter(cold, LATE_30),
                late60: counter(cold, LATE_60),
                late90: counter(cold, LATE_90),
                cured: counter(cold, CURED),
                writtenOff: counter(cold, WRITTEN_OFF)
            });
    }
}
