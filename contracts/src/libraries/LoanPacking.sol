// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What changes while a loan runs.
struct Rolling {
    uint256 status;
    uint256 bucket;
    uint256 row;
    uint256 balance;
    uint256 paidRow;
    uint256 accruedDay;
    uint256 feeDue;
    uint256 penaltyDue;
    uint256 nonceBase;
    uint256 nonceWindow;
    uint256 instalment; // never changes; it stands here because the slot has room
}

/// @notice What payments need of the signed terms.
struct Fixed {
    address borrower;
    uint256 instalment;
    uint256 rate;
    uint256 disbursementDay;
    uint256 dayCount;
    uint256 lenderId;
    uint256 firstMonth;
    uint256 anchor;
    int256 timeZone;
    uint256 grace;
    uint256 lateFee;
    uint256 penaltyRate;
    uint256 penaltyMaxDays;
    uint256 waterfall;
    uint256 periods;
    uint256 principal;
}

/// @notice A loan in storage: what changes, and what is its own of the signed terms.
struct PackedLoan {
    uint256 rolling;
    uint256 own;
}

/// @title The slots of a loan
/// @notice Lowest bits first.
/// rolling: status 2, bucket 3, row 9, balance 44, paidRow 39, accruedDay 17, feeDue 28, penaltyDue 28,
/// nonceBase 16, nonceWindow 32, instalment 38.
/// own: borrower 160, conditionsId 18, principal 44, anchor 5, disbursementDay 17, firstMonth 12 (since 1970).
/// conditions, which many loans share: lenderId 32, rate 24, periods 16, dayCount 8, timeZone 16 (signed), grace 8,
/// lateFee 32, penaltyRate 24, penaltyMaxDays 16, waterfall 16.
/// @dev Widths are enforced where values enter: by the checks of origination and by the caps on accruals.
library LoanPacking {
    /// @notice Most conditions a LoanBook can tell apart.
    uint256 internal constant MAX_CONDITIONS = U18;

    uint256 private constant U5 = 2 ** 5 - 1;
    uint256 private constant U8 = type(uint8).max;
    uint256 private constant U9 = 2 ** 9 - 1;
    uint256 private constant U16 = type(uint16).max;
    uint256 private constant U17 = 2 ** 17 - 1;
    uint256 private constant U18 = 2 ** 18 - 1;
    uint256 private constant U24 = type(uint24).max;
    uint256 private constant U28 = 2 ** 28 - 1;
    uint256 private constant U32 = type(uint32).max;
    uint256 private constant U39 = 2 ** 39 - 1;
    uint256 private constant U44 = 2 ** 44 - 1;
    /// @dev January 1970.
    uint256 private constant FIRST_MONTH = 1970 * 12;

    /// @notice Reads a rolling slot.
    /// @dev Into memory that the caller has: a returned struct would be allocated and cleared at every level.
    function unpack(uint256 word, Rolling memory s) internal pure {
        s.status = word & 3;
        s.bucket = (word >> 2) & 7;
        s.row = (word >> 5) & U9;
        s.balance = (word >> 14) & U44;
        s.paidRow = (word >> 58) & U39;
        s.accruedDay = (word >> 97) & U17;
        s.feeDue = (word >> 114) & U28;
        s.penaltyDue = (word >> 142) & U28;
        s.nonceBase = (word >> 170) & U16;
        s.nonceWindow = (word >> 186) & U32;
        s.instalment = word >> 218;
    }

    /// @notice Writes a rolling slot.
    function pack(Rolling memory s) internal pure returns (uint256) {
        uint256 low = s.status | (s.bucket << 2) | (s.row << 5) | (s.balance << 14) | (s.paidRow << 58);
        uint256 high = (s.accruedDay << 97) | (s.feeDue << 114) | (s.penaltyDue << 142);
        return low | high | (s.nonceBase << 170) | (s.nonceWindow << 186) | (s.instalment << 218);
    }

    /// @notice Under which id the conditions of a loan are kept.
    function conditionsIdOf(uint256 own) internal pure returns (uint256) {
        return (own >> 160) & U18;
    }

    /// @notice Reads the loan's own slot and its conditions.
    function unpack(uint256 own, uint256 conditions, Fixed memory t) internal pure {
        t.borrower = address(uint160(own));
        t.principal = (own >> 178) & U44;
        t.anchor = (own >> 222) & U5;
        t.disbursementDay = (own >> 227) & U17;
        t.firstMonth = FIRST_MONTH + (own >> 244);
        t.lenderId = conditions & U32;
        t.rate = (conditions >> 32) & U24;
        t.periods = (conditions >> 56) & U16;
        t.dayCount = (conditions >> 72) & U8;
        t.timeZone = int16(uint16(conditions >> 80));
        t.grace = (conditions >> 96) & U8;
        t.lateFee = (conditions >> 104) & U32;
        t.penaltyRate = (conditions >> 136) & U24;
        t.penaltyMaxDays = (conditions >> 160) & U16;
        t.waterfall = conditions >> 176;
    }

    /// @notice Writes the loan's own slot.
    function packOwn(Fixed memory t, uint256 conditionsId) internal pure returns (uint256 own) {
        own = uint256(uint160(t.borrower)) | (conditionsId << 160) | (t.principal << 178);
        own |= (t.anchor << 222) | (t.disbursementDay << 227) | ((t.firstMonth - FIRST_MONTH) << 244);
    }

    /// @notice Writes the conditions; never zero, for the waterfall is not.
    function packConditions(Fixed memory t) internal pure returns (uint256 word) {
        word = t.lenderId | (t.rate << 32) | (t.periods << 56) | (t.dayCount << 72);
        word |= (uint256(uint16(int16(t.timeZone))) << 80) | (t.grace << 96) | (t.lateFee << 104);
        word |= (t.penaltyRate << 136) | (t.penaltyMaxDays << 160) | (t.waterfall << 176);
    }
}
