// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanViews} from "./interfaces/ILoanViews.sol";
import {DeriveLib} from "./libraries/DeriveLib.sol";
import {Fixed, LoanPacking, Rolling} from "./libraries/LoanPacking.sol";
import {MethodLib} from "./libraries/MethodLib.sol";
import {PaymentLib} from "./libraries/PaymentLib.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {Cursor, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {Special, SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement, LoanView, Position, ProductCaps, TableRow} from "./Types.sol";

/// @title What can be read of loans
/// @notice Documented in ILoanViews. The last module of LoanBook.
contract LoanViews is ILoanViews, LoanStorage {
    using LoanPacking for *;
    using ProductPacking for uint256;

    uint256 private constant SHOWN_ACTIVE = 1;
    uint256 private constant SHOWN_CLOSED = 2;
    uint256 private constant SHOWN_CANCELLED = 3;
    uint256 private constant SHOWN_DEFAULTED = 4;
    uint256 private constant SHOWN_WRITTEN_OFF = 5;
    uint256 private constant SHOWN_UNWOUND = 6;

    /// @param neighbours whom it works with
    constructor(Neighbours memory neighbours) LoanStorage(neighbours) {}

    /// @inheritdoc ILoanViews
    function loan(bytes32 loanId) external view returns (LoanView memory view_) {
        Rolling memory s;
        Fixed memory t;
        _load(loanId, s, t);
        if (s.status != 0) _show(loanId, s, t, view_);
    }

    /// @inheritdoc ILoanViews
    function loan(bytes32 loanId, TableRow[] calldata rows) external view returns (LoanView memory view_) {
        Rolling memory s;
        Fixed memory t;
        _load(loanId, s, t);
        if (s.status == 0) return view_;
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _show(loanId, s, t, view_);
    }

    /// @inheritdoc ILoanViews
    function owed(
        bytes32 loanId,
        uint256 day
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor) {
        Rolling memory s;
        Fixed memory t;
        _loadRunning(loanId, s, t);
        return PaymentLib.owed(t, s, day, _stopsSince(t, 0));
    }

    /// @inheritdoc ILoanViews
    function owed(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor) {
        Rolling memory s;
        Fixed memory t;
        _loadRunning(loanId, s, t);
        TableLib.open(t, rows, _tables[loanId]);
        return PaymentLib.owed(t, s, day, _stopsSince(t, 0));
    }

    /// @inheritdoc ILoanViews
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor) {
        return CREDIT.exposure(subject);
    }

    /// @inheritdoc ILoanViews
    function product(
        bytes32 productId
    ) external view returns (ProductCaps memory caps, ProductCaps memory next, uint256 nextDay) {
        Product storage found = _products[productId];
        uint256 word = found.word;
        nextDay = word.nextDay();
        if (nextDay == 0) return (word.unpack(), next, 0);
        if (block.timestamp / 1 days >= nextDay) return (found.next.unpack(), next, 0);
        return (word.unpack(), found.next.unpack(), nextDay);
    }

    /// @inheritdoc ILoanViews
    function facility(
        address lender,
        bytes32 productId
    )
        external
        view
        returns (uint256 outstandingMinor, uint256 maxOutstandingMinor, uint256 maxBorrowerPercent)
    {
        Facility storage found = _facilities[LoanPacking.facilityIdOf(lender, productId)];
        if (found.lender != lender) return (0, 0, 0);
        uint256 line = found.line;
        return (line & U44, (line >> MOST_SHIFT) & U44, line >> PERCENT_SHIFT);
    }

    /// @inheritdoc ILoanViews
    function position(address lender) external view returns (Position memory position_) {
        return _sum(lender);
    }

    /// @inheritdoc ILoanViews
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32 digest) {
        return _hashTypedDataV4(TypedDataLib.hash(agreement));
    }

    /// @inheritdoc ILoanViews
    function deriveSchedule(
        Agreement calldata agreement
    ) external pure returns (uint256[] memory rows, bytes32 root) {
        Fixed memory t;
        TermsLib.read(agreement, t);
        if (MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
        (rows, root) = DeriveLib.derive(t);
        TermsLib.requireLastDueDay(rows[rows.length - 1] >> 224);
    }

    /// @inheritdoc ILoanViews
    function verifyTable(
        Agreement calldata agreement,
        uint256[] calldata rows
    ) external pure returns (bytes32 root) {
        Fixed memory t;
        TermsLib.read(agreement, t);
        return TableLib.verify(t, rows);
    }

    function _show(bytes32 loanId, Rolling memory s, Fixed memory t, LoanView memory v) private view {
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        v.borrower = t.borrower();
        v.lender = _facilities[t.facilityId()].lender;
        v.principalMinor = t.principal();
        v.ratePpm = t.rate();
        v.periods = t.periods();
        v.row = s.row;
        v.balanceMinor = s.balance;
        v.paidRowMinor = s.paidRow;
        v.lateFeeDueMinor = s.feeDue;
        v.penaltyDueMinor = s.penaltyDue;
        v.bucket = s.bucket == WAS_LATE ? 0 : s.bucket;
        v.wasLate = s.bucket != 0;
        v.accruedDay = s.accruedDay;
        v.nextDueDay = c.dueDay;
        v.outstandingPrincipalMinor = s.balance - (s.paidRow > c.interest ? s.paidRow - c.interest : 0);
        v.nonceBase = s.nonceBase;
        v.nonceWindow = s.nonceWindow;
        _showSpecial(loanId, s.status, v);
    }

    function _showSpecial(bytes32 loanId, uint256 status, LoanView memory v) private view {
        Special memory x = SpecialPacking.unpack(_specials[loanId]);
        v.status = _statusOf(status, x.kind);
        v.impairedMinor = x.impaired;
        v.carriedInterestMinor = x.carriedInterest;
        v.coveredMinor = x.covered;
        v.writtenOffMinor = x.writtenOff;
        v.amendments = x.amendments;
        v.mandateMaxMinor = _mandates[loanId] & U44;
        v.mandateLastDay = _mandates[loanId] >> MOST_SHIFT;
    }

    function _statusOf(uint256 status, uint256 kind) private pure returns (uint256) {
        if (status == ENDED) {
            if (kind == SpecialPacking.CANCELLED) return SHOWN_CANCELLED;
            return kind == SpecialPacking.UNWOUND ? SHOWN_UNWOUND : SHOWN_CLOSED;
        }
        if (kind == SpecialPacking.DEFAULTED) return SHOWN_DEFAULTED;
        return kind == SpecialPacking.WRITTEN_OFF ? SHOWN_WRITTEN_OFF : SHOWN_ACTIVE;
    }
}
