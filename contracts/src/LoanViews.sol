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
import {SettlementLib} from "./libraries/SettlementLib.sol";
import {Special, SpecialPacking} from "./libraries/SpecialPacking.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {TermsLib} from "./libraries/TermsLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {Case, LoanActs} from "./LoanActs.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {Agreement, LoanView, Payoff, Position, ProductCaps, Stop, TableRow} from "./Types.sol";

/// @title What can be read of loans
/// @notice Documented in ILoanViews. The last module of LoanBook.
contract LoanViews is ILoanViews, LoanActs {
    using LoanPacking for *;
    using ProductPacking for uint256;

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
        return _owed(_hold(loanId), day);
    }

    /// @inheritdoc ILoanViews
    function owed(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor) {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        return _owed(k, day);
    }

    /// @inheritdoc ILoanViews
    function payoff(bytes32 loanId, uint256 day) external view returns (Payoff memory payoff_) {
        return _payoff(_hold(loanId), day);
    }

    /// @inheritdoc ILoanViews
    function payoff(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (Payoff memory payoff_) {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        return _payoff(k, day);
    }

    /// @inheritdoc ILoanViews
    function uncovered(
        bytes32 loanId
    ) external view returns (address borrower, address lender, uint256 status, uint256 uncoveredMinor) {
        Case memory k = _read(loanId);
        status = _shown(k.s.status, k.x.kind);
        if (status == 0) return (address(0), address(0), 0, 0);
        borrower = k.t.borrower();
        lender = _facilities[k.t.facilityId()].lender;
        bool isLost = status == SHOWN_DEFAULTED || status == SHOWN_WRITTEN_OFF;
        if (!isLost) return (borrower, lender, status, 0);
        _look(k);
        uncoveredMinor = _uncovered(k);
    }

    /// @inheritdoc ILoanViews
    function stops() external view returns (Stop[] memory stops_, uint256 pausedSince) {
        uint256 clock = _clock;
        pausedSince = clock & U40;
        stops_ = new Stop[](clock >> 80);
        for (uint256 i; i < stops_.length; ++i) {
            stops_[i] = Stop(_stops[i] & U40, (_stops[i] >> 40) & U40);
        }
    }

    /// @inheritdoc ILoanViews
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor) {
        return CREDIT.exposure(subject);
    }

    /// @inheritdoc ILoanViews
    function product(
        bytes32 productId
    ) external view returns (ProductCaps memory caps, ProductCaps memory next, uint256 nextDay) {
        uint256 word = _capsOf(productId);
        nextDay = word.nextDay();
        if (nextDay != 0) next = _products[productId].next.unpack();
        return (word.unpack(), next, nextDay);
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
        v.status = _shown(status, x.kind);
        v.impairedMinor = x.impaired;
        v.carriedInterestMinor = x.carriedInterest;
        v.coveredMinor = x.covered;
        v.writtenOffMinor = x.writtenOff;
        v.amendments = x.amendments;
        v.mandateMaxMinor = _mandates[loanId] & U44;
        v.mandateLastDay = _mandates[loanId] >> MOST_SHIFT;
    }

    /// @dev What is carried over from before an amendment is owed at once; a loan that is written off is charged no
    /// more.
    function _owed(
        Case memory k,
        uint256 day
    ) private view returns (uint256 total, uint256 overdue, uint256 currentDue) {
        if (k.x.kind == SpecialPacking.WRITTEN_OFF && day > k.s.accruedDay) k.s.accruedDay = day;
        (total, overdue, currentDue) = PaymentLib.owed(k.t, k.s, day, _clockSince(k.loan, k.t, 0));
        total += k.x.carriedInterest;
        overdue += k.x.carriedInterest;
    }

    function _payoff(Case memory k, uint256 day) private view returns (Payoff memory) {
        _stand(k, day);
        _accrue(k);
        return SettlementLib.payoff(k.t, k.s, k.x, _outstanding(k), day);
    }
}
