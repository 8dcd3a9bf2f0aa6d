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

/// @notice A loan in storage: one rolling slot and two that never change after origination.
struct PackedLoan {
    uint256 rolling;
    uint256 fixedA;
    uint256 fixedB;
}

/// @title The three slots of a loan
/// @notice Lowest bits first.
/// rolling: status 4, bucket 4, row 16, balance 48, paidRow 40, accruedDay 24, feeDue 32, penaltyDue 32,
/// nonceBase 24, nonceWindow 32.
/// fixedA: borrower 160, instalment 40, rate 24, disbursementDay 24, dayCount 8.
/// fixedB: lenderId 32, firstMonth 16, anchor 8, timeZone 16 (signed), grace 8, lateFee 32, penaltyRate 24,
/// penaltyMaxDays 16, waterfall 16, periods 16, principal 48.
/// @dev Widths are enforced where values enter: by the checks of origination and by the caps on accruals.
library LoanPacking {
    uint256 private constant U8 = type(uint8).max;
    uint256 private constant U16 = type(uint16).max;
    uint256 private constant U24 = type(uint24).max;
    uint256 private constant U32 = type(uint32).max;
    uint256 private constant U40 = type(uint40).max;
    uint256 private constant U48 = type(uint48).max;

    /// @notice Reads a rolling slot.
    function rolling(uint256 word) internal pure returns (Rolling memory s) {
        s.status = word & 0xf;
        s.bucket = (word >> 4) & 0xf;
        s.row = (word >> 8) & U16;
        s.balance = (word >> 24) & U48;
        s.paidRow = (word >> 72) & U40;
        s.accruedDay = (word >> 112) & U24;
        s.feeDue = (word >> 136) & U32;
        s.penaltyDue = (word >> 168) & U32;
        s.nonceBase = (word >> 200) & U24;
        s.nonceWindow = word >> 224;
    }

    /// @notice Writes a rolling slot.
    function pack(Rolling memory s) internal pure returns (uint256) {
        uint256 low = s.status | (s.bucket << 4) | (s.row << 8) | (s.balance << 24) | (s.paidRow << 72);
        uint256 high = (s.accruedDay << 112) | (s.feeDue << 136) | (s.penaltyDue << 168);
        return low | high | (s.nonceBase << 200) | (s.nonceWindow << 224);
    }

    /// @notice Reads the two fixed slots.
    function fixedTerms(uint256 a, uint256 b) internal pure returns (Fixed memory t) {
        t.borrower = address(uint160(a));
        t.instalment = (a >> 160) & U40;
        t.rate = (a >> 200) & U24;
        t.disbursementDay = (a >> 224) & U24;
        t.dayCount = a >> 248;
        t.lenderId = b & U32;
        t.firstMonth = (b >> 32) & U16;
        t.anchor = (b >> 48) & U8;
        t.timeZone = int16(uint16(b >> 56));
        t.grace = (b >> 72) & U8;
        t.lateFee = (b >> 80) & U32;
        t.penaltyRate = (b >> 112) & U24;
        t.penaltyMaxDays = (b >> 136) & U16;
        t.waterfall = (b >> 152) & U16;
        t.periods = (b >> 168) & U16;
        t.principal = (b >> 184) & U48;
    }

    /// @notice Writes the two fixed slots.
    function pack(Fixed memory t) internal pure returns (uint256 a, uint256 b) {
        a = uint256(uint160(t.borrower)) | (t.instalment << 160) | (t.rate << 200);
        a |= (t.disbursementDay << 224) | (t.dayCount << 248);
        b = t.lenderId | (t.firstMonth << 32) | (t.anchor << 48) | (uint256(uint16(int16(t.timeZone))) << 56);
        b |= (t.grace << 72) | (t.lateFee << 80) | (t.penaltyRate << 112) | (t.penaltyMaxDays << 136);
        b |= (t.waterfall << 152) | (t.periods << 168) | (t.principal << 184);
    }
}
