// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {ILoanServicing} from "./interfaces/ILoanServicing.sol";
import {Fixed, LoanPacking, Rolling} from "./libraries/LoanPacking.sol";
import {PaymentLib} from "./libraries/PaymentLib.sol";
import {Cursor, ScheduleLib} from "./libraries/ScheduleLib.sol";
import {TableLib} from "./libraries/TableLib.sol";
import {LoanPayments} from "./LoanPayments.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {TableRow} from "./Types.sol";

/// @title What happens to a loan beside its ordinary payments
/// @notice Documented in ILoanServicing. A module of LoanBook.
contract LoanServicing is ILoanServicing, LoanPayments {
    using LoanPacking for *;

    /// @notice The next module.
    address public immutable WORKOUT;

    /// @param neighbours whom it works with
    /// @param workout the next module
    constructor(Neighbours memory neighbours, address workout) LoanStorage(neighbours) {
        WORKOUT = workout;
    }

    /// @notice Everything that is not servicing.
    fallback() external {
        _delegate(WORKOUT);
    }

    /// @inheritdoc ILoanServicing
    function recordArrears(bytes32 loanId) external {
        Rolling memory s;
        Fixed memory t;
        _loadRunning(loanId, s, t);
        _recordArrears(loanId, s, t);
    }

    /// @inheritdoc ILoanServicing
    function recordArrears(bytes32 loanId, TableRow[] calldata rows) external {
        Rolling memory s;
        Fixed memory t;
        _loadRunning(loanId, s, t);
        TableLib.prove(t, s.row, rows, _tables[loanId]);
        _recordArrears(loanId, s, t);
    }

    function _recordArrears(bytes32 loanId, Rolling memory s, Fixed memory t) private {
        uint256 today = _today(t);
        Cursor memory c = ScheduleLib.at(t, s.row, s.balance);
        uint256 before = s.bucket;
        (uint256 bucket, uint256 daysLate) = PaymentLib.arrears(t, s, c, today, _lateStops(t, c, today));
        if (bucket == 0 && before != 0) bucket = WAS_LATE;
        if (bucket == before) revert ILoanBook.ArrearsUnchanged(loanId, before == WAS_LATE ? 0 : before);
        s.bucket = bucket;
        _loans[loanId].rolling = s.pack();
        _noteBucket(loanId, t, before, bucket, daysLate);
    }
}
