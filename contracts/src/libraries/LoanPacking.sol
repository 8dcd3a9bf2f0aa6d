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

/// @notice What payments need of the signed terms: packed words, read by the accessors of LoanPacking where needed.
struct Fixed {
    uint256 own;
    uint256 conditions;
    uint256 instalment;
    uint256 tableFrom; // the row of the first word in `table`
    uint256[] table; // rows of a table, once their proofs are checked
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
/// own: borrower 160, conditionsId 18, principal 44, disbursementDay 17, and where periods are months anchor 5 and
/// firstMonth 12 (since 1970), elsewhere firstDueDay 17.
/// conditions, which many loans share: facilityId 32, rate 24, periods 16, dayCount 8, timeZone 16 (signed), grace 8,
/// lateFee 32, penaltyRate 24, penaltyMaxDays 16, waterfall 16, method 8, periodUnit 8, periodLength 16,
/// restPeriods 16, rounding 16.
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

    /// @notice The rolling slot of a loan that begins.
    function packBeginning(
        uint256 status,
        uint256 balance,
        uint256 accruedDay,
        uint256 instalment
    ) internal pure returns (uint256) {
        return status | (balance << 14) | (accruedDay << 97) | (instalment << 218);
    }

    /// @notice Under which id a lender's facility for a product is kept, known without reading storage: the last 32
    /// bits of a hash. Two facilities that share them, one in four thousand million pairs, cannot both be opened.
    function facilityIdOf(address lender, bytes32 productId) internal pure returns (uint256 id) {
        assembly ("memory-safe") {
            mstore(0x00, lender)
            mstore(0x20, productId)
            id := and(keccak256(0x00, 0x40), 0xffffffff)
        }
    }

    /// @notice Under which id the conditions of a loan are kept.
    function conditionsIdOf(uint256 own) internal pure returns (uint256) {
        return (own >> 160) & U18;
    }

    /// @notice Writes the loan's own slot, as yet without the id of its conditions.
    /// @param first what packMonths gives, or the first due day
    function packOwn(
        address borrower,
        uint256 principal,
        uint256 disbursementDay,
        uint256 first
    ) internal pure returns (uint256) {
        return uint256(uint160(borrower)) | (principal << 178) | (disbursementDay << 222) | (first << 239);
    }

    /// @notice Writes the first due day where periods are months.
    function packMonths(uint256 firstMonth, uint256 anchorDay) internal pure returns (uint256) {
        unchecked {
            return ((firstMonth - FIRST_MONTH) << 5) | anchorDay;
        }
    }

    /// @notice Adds the id of the conditions to a loan's own slot.
    function withConditions(uint256 own, uint256 conditionsId) internal pure returns (uint256) {
        return own | (conditionsId << 160);
    }

    /// @notice Writes the part of the conditions that prices rows.
    function packShape(
        uint256 method,
        uint256 periodUnit,
        uint256 periodLength,
        uint256 restPeriods,
        uint256 rounding
    ) internal pure returns (uint256) {
        uint256 unit = (method << 192) | (periodUnit << 200) | (periodLength << 208);
        return unit | (restPeriods << 224) | (rounding << 240);
    }

    /// @notice Writes the part of the conditions that says what interest costs and for how long.
    function packPrice(
        uint256 facilityId_,
        uint256 rate,
        uint256 periods,
        uint256 dayCount,
        int256 timeZone
    ) internal pure returns (uint256) {
        uint256 zone = uint256(uint16(int16(timeZone)));
        return facilityId_ | (rate << 32) | (periods << 56) | (dayCount << 72) | (zone << 80);
    }

    /// @notice Writes the part of the conditions that says what being late costs; never zero, for the waterfall is
    /// not.
    function packCharges(
        uint256 grace,
        uint256 lateFee,
        uint256 penaltyRate,
        uint256 penaltyMaxDays,
        uint256 waterfall
    ) internal pure returns (uint256) {
        uint256 late = (grace << 96) | (lateFee << 104) | (penaltyRate << 136);
        return late | (penaltyMaxDays << 160) | (waterfall << 176);
    }

    /// @notice The subject that owes.
    function borrower(Fixed memory t) internal pure returns (address) {
        return address(uint160(t.own));
    }

    /// @notice Minor units lent.
    function principal(Fixed memory t) internal pure returns (uint256) {
        return (t.own >> 178) & U44;
    }

    /// @notice From which day interest runs.
    function disbursementDay(Fixed memory t) internal pure returns (uint256) {
        return (t.own >> 222) & U17;
    }

    /// @notice The first due day, where periods are not months.
    function firstDueDay(Fixed memory t) internal pure returns (uint256) {
        return t.own >> 239;
    }

    /// @notice Month and anchor day of the first due day, where periods are months.
    function firstMonth(Fixed memory t) internal pure returns (uint256 month, uint256 anchorDay) {
        unchecked {
            uint256 own = t.own;
            return (FIRST_MONTH + (own >> 244), (own >> 239) & U5);
        }
    }

    /// @notice Under which id the lender's facility is kept.
    function facilityId(Fixed memory t) internal pure returns (uint256) {
        return t.conditions & U32;
    }

    /// @notice Interest, ppm a year.
    function rate(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 32) & U24;
    }

    /// @notice Number of rows.
    function periods(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 56) & U16;
    }

    /// @notice See DayCountLib.
    function dayCount(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 72) & U8;
    }

    /// @notice Minutes that the loan's days are ahead of UTC.
    function timeZone(Fixed memory t) internal pure returns (int256) {
        return int16(uint16(t.conditions >> 80));
    }

    /// @notice Days after a due day on which being late costs nothing.
    function grace(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 96) & U8;
    }

    /// @notice Minor units for each late row.
    function lateFee(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 104) & U32;
    }

    /// @notice Penalty on what is late, ppm a year.
    function penaltyRate(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 136) & U24;
    }

    /// @notice Days after which a row's penalty stops growing.
    function penaltyMaxDays(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 160) & U16;
    }

    /// @notice What is paid first, in nibbles.
    function waterfall(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 176) & U16;
    }

    /// @notice See MethodLib.
    function method(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 192) & U8;
    }

    /// @notice Months or days.
    function periodUnit(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 200) & U8;
    }

    /// @notice Units between due days.
    function periodLength(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 208) & U16;
    }

    /// @notice First rows without principal: those agreed, or all but the last where the method has no instalment.
    function restPeriods(Fixed memory t) internal pure returns (uint256) {
        return (t.conditions >> 224) & U16;
    }

    /// @notice See RoundingLib.
    function rounding(Fixed memory t) internal pure returns (uint256) {
        return t.conditions >> 240;
    }
}
