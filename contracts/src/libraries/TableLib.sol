// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {TableRow} from "../Types.sol";
import {DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {RoundingLib} from "./RoundingLib.sol";
import {ScheduleLib} from "./ScheduleLib.sol";

/// @title Tables: rows that both sides agreed on
/// @notice At origination each row is held against the agreed rate; of the table a Merkle root is kept, and a payment
/// proves the rows that it brings. A leaf is keccak256(row number, word): none of the hashes of an inner node is below
/// 480, so that no node can be shown as a leaf.
/// @dev Arithmetic is unchecked for the reasons of ScheduleLib; 480 rows accrue less than 2^62.
library TableLib {
    using LoanPacking for Fixed;

    /// @notice Checks a table against the terms that it was agreed under.
    /// @param rows dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root its Merkle root
    function verify(Fixed memory t, uint256[] calldata rows) internal pure returns (bytes32 root) {
        unchecked {
            if (!MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
            if (rows.length != t.periods()) revert ILoanBook.RowCountMismatch(rows.length, t.periods());
            uint256 first = rows[0] >> 224;
            if (t.firstDueDay() != first) {
                revert ILoanBook.TermOutOfRange("firstDueDay", t.firstDueDay(), first, first);
            }
            uint256 balance = t.principal();
            uint256 previous = t.disbursementDay();
            uint256 accrued;
            for (uint256 row; row < rows.length; ++row) {
                uint256 due = rows[row] >> 224;
                _requireDay(row, due, previous);
                accrued += _accrual(t, balance, previous, due);
                uint256 charged = uint112(rows[row]);
                uint256 principal = uint112(rows[row] >> 112);
                _requireAmounts(row, principal, charged, balance, accrued);
                accrued -= charged;
                balance -= principal;
                previous = due;
            }
            if (balance != 0 || uint112(rows[rows.length - 1] >> 112) == 0) {
                revert ILoanBook.TableBalanceLeft(balance);
            }
        }
        return rootOf(rows);
    }

    /// @notice The Merkle root of a table; an odd last node of a level moves up unchanged.
    function rootOf(uint256[] calldata rows) internal pure returns (bytes32) {
        unchecked {
            uint256 count = rows.length;
            bytes32[] memory nodes = new bytes32[](count);
            for (uint256 row; row < count; ++row) nodes[row] = _leaf(row, rows[row]);
            while (count > 1) {
                uint256 pairs = count >> 1;
                for (uint256 i; i < pairs; ++i) {
                    nodes[i] = Hashes.commutativeKeccak256(nodes[2 * i], nodes[2 * i + 1]);
                }
                if (count & 1 != 0) nodes[pairs] = nodes[count - 1];
                count = pairs + (count & 1);
            }
            return nodes[0];
        }
    }

    /// @notice Reads the rows that were brought for a payment, the first of them row `from`, each by its proof.
    function prove(Fixed memory t, uint256 from, TableRow[] calldata rows, bytes32 root) internal pure {
        if (!MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
        uint256[] memory words = new uint256[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            TableRow calldata brought = rows[i];
            if (!MerkleProof.verifyCalldata(brought.proof, root, _leaf(from + i, brought.word))) {
                revert ILoanBook.RowProofInvalid(from + i);
            }
            words[i] = brought.word;
        }
        t.tableFrom = from;
        t.table = words;
    }

    /// @notice Reads a whole table by its root.
    function open(Fixed memory t, uint256[] calldata rows, bytes32 root) internal pure {
        if (!MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
        if (rows.length != t.periods()) revert ILoanBook.RowCountMismatch(rows.length, t.periods());
        bytes32 found = rootOf(rows);
        if (found != root) revert ILoanBook.ScheduleRootMismatch(root, found);
        t.table = rows;
    }

    function _leaf(uint256 row, uint256 word) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(bytes32(row), bytes32(word));
    }

    /// @dev A down payment may be due on the first day.
    function _requireDay(uint256 row, uint256 due, uint256 previous) private pure {
        if (due < previous || (due == previous && row != 0)) {
            revert ILoanBook.TableDayNotLater(row, due, previous);
        }
        if (due > ScheduleLib.LAST_DAY) {
            revert ILoanBook.TermOutOfRange("lastDueDay", due, 0, ScheduleLib.LAST_DAY);
        }
    }

    /// @dev Interest that was not asked for may be asked for later, or never.
    function _requireAmounts(
        uint256 row,
        uint256 principal,
        uint256 charged,
        uint256 balance,
        uint256 accrued
    ) private pure {
        unchecked {
            if (charged > accrued) revert ILoanBook.TableInterestExceeds(row, charged, accrued);
            if (principal > balance) revert ILoanBook.TablePrincipalExceeds(row, principal, balance);
            uint256 total = principal + charged;
            if (total == 0) revert ILoanBook.ScheduleDegenerate(row, 0, balance);
            if (total > ScheduleLib.MAX_ROW_MINOR) {
                revert ILoanBook.RowTooLarge(row, total, ScheduleLib.MAX_ROW_MINOR);
            }
        }
    }

    function _accrual(
        Fixed memory t,
        uint256 balance,
        uint256 from,
        uint256 to
    ) private pure returns (uint256) {
        unchecked {
            uint256 base = MethodLib.isFlat(t.method()) ? t.principal() : balance;
            uint256 parts = DayCountLib.partsBetween(t.dayCount(), from, to);
            uint256 divisor = DayCountLib.divisor(t.dayCount());
            return RoundingLib.divide(base * t.rate() * parts, divisor, RoundingLib.modeOf(t.rounding()));
        }
    }
}
