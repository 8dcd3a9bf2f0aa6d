// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ILoanBook} from "../interfaces/ILoanBook.sol";
import {TableRow} from "../Types.sol";
import {Date, DayCountLib} from "./DayCountLib.sol";
import {Fixed, LoanPacking} from "./LoanPacking.sol";
import {MethodLib} from "./MethodLib.sol";
import {RoundingLib} from "./RoundingLib.sol";
import {ScheduleLib} from "./ScheduleLib.sol";
import {WordsLib} from "./WordsLib.sol";

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
        uint256 method = t.method();
        if (!MethodLib.isTable(method)) revert ILoanBook.UnsupportedMethod(method);
        if (rows.length != t.periods()) revert ILoanBook.RowCountMismatch(rows.length, t.periods());
        uint256 first = rows[0] >> 224;
        if (t.firstDueDay() != first) {
            revert ILoanBook.TermOutOfRange("firstDueDay", t.firstDueDay(), first, first);
        }
        uint256 left = _walk(t, rows);
        if (left != 0 || uint112(WordsLib.at(rows, rows.length - 1) >> 112) == 0) {
            revert ILoanBook.TableBalanceLeft(left);
        }
        return rootOf(WordsLib.copyOf(rows));
    }

    /// @notice The Merkle root of a table; an odd last node of a level moves up unchanged.
    function rootOf(uint256[] memory rows) internal pure returns (bytes32 root) {
        unchecked {
            uint256 count = rows.length;
            (uint256 words, ) = WordsLib.bounds(rows);
            (uint256 nodes, ) = WordsLib.bounds(WordsLib.allocate(count));
            for (uint256 row; row != count; ++row) {
                WordsLib.put(nodes + (row << 5), uint256(_leaf(row, WordsLib.get(words + (row << 5)))));
            }
            while (count > 1) {
                uint256 from = nodes;
                uint256 to = nodes;
                for (uint256 end = nodes + ((count >> 1) << 5); to != end; to += 32) {
                    bytes32 left = bytes32(WordsLib.get(from));
                    bytes32 right = bytes32(WordsLib.get(from + 32));
                    WordsLib.put(to, uint256(Hashes.commutativeKeccak256(left, right)));
                    from += 64;
                }
                if (count & 1 != 0) WordsLib.put(to, WordsLib.get(from));
                count = (count + 1) >> 1;
            }
            return bytes32(WordsLib.get(nodes));
        }
    }

    /// @notice Reads the rows that were brought for a payment: the first of them row `from`, each by its proof; or the
    /// whole table, of which the first brings no proof and none is asked for one.
    /// @dev So that a payment fits a transaction however many rows are late.
    function prove(Fixed memory t, uint256 from, TableRow[] calldata rows, bytes32 root) internal pure {
        if (!MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
        bool isWhole = rows.length == t.periods() && rows[0].proof.length == 0;
        uint256[] memory words = new uint256[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            TableRow calldata brought = rows[i];
            words[i] = brought.word;
            if (isWhole) continue;
            if (!MerkleProof.verifyCalldata(brought.proof, root, _leaf(from + i, brought.word))) {
                revert ILoanBook.RowProofInvalid(from + i);
            }
        }
        if (isWhole) return _take(t, words, root);
        t.tableFrom = from;
        t.table = words;
    }

    /// @notice Reads a whole table by its root.
    function open(Fixed memory t, uint256[] calldata rows, bytes32 root) internal pure {
        if (!MethodLib.isTable(t.method())) revert ILoanBook.UnsupportedMethod(t.method());
        if (rows.length != t.periods()) revert ILoanBook.RowCountMismatch(rows.length, t.periods());
        _take(t, WordsLib.copyOf(rows), root);
    }

    /// @dev Every row of a table, if it is the loan's.
    function _take(Fixed memory t, uint256[] memory rows, bytes32 root) private pure {
        bytes32 found = rootOf(rows);
        if (found != root) revert ILoanBook.ScheduleRootMismatch(root, found);
        t.table = rows;
    }

    /// @dev Holds each row against what the rows before it left.
    /// @return left of the balance
    function _walk(Fixed memory t, uint256[] calldata rows) private pure returns (uint256 left) {
        unchecked {
            left = t.principal();
            (uint256 rate, uint256 flat) = (t.rate(), 0);
            if (t.method() == MethodLib.CUSTOM_FLAT) (flat, rate) = (left * rate, 0);
            uint256 dayCount = t.dayCount();
            uint256 divisor = DayCountLib.divisor(dayCount);
            uint256 mode = RoundingLib.modeOf(t.rounding());
            Date memory from;
            Date memory to;
            bool isActual = dayCount <= DayCountLib.ACT_360;
            uint256 previous = t.disbursementDay();
            if (!isActual) DayCountLib.dateOf(from, previous);
            uint256 accrued;
            for (uint256 row; row != rows.length; ++row) {
                uint256 word = WordsLib.at(rows, row);
                uint256 due = word >> 224;
                if (due <= previous || due > ScheduleLib.LAST_DAY) _requireDay(row, due, previous);
                uint256 parts = due - previous;
                if (!isActual) {
                    DayCountLib.dateOf(to, due);
                    parts = DayCountLib.partsBetween(dayCount, from, to);
                    (from, to) = (to, from);
                }
                uint256 accrual = (left * rate + flat) * parts;
                if (mode == RoundingLib.HALF_UP) accrual = RoundingLib.divideHalfUp(accrual, divisor);
                else accrual = RoundingLib.divide(accrual, divisor, mode);
                accrued += accrual;
                _requireAmounts(row, word, left, accrued);
                accrued -= uint112(word);
                left -= uint112(word >> 112);
                previous = due;
            }
        }
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
    function _requireAmounts(uint256 row, uint256 word, uint256 left, uint256 accrued) private pure {
        unchecked {
            uint256 charged = uint112(word);
            uint256 principal = uint112(word >> 112);
            if (charged > accrued) revert ILoanBook.TableInterestExceeds(row, charged, accrued);
            if (principal > left) revert ILoanBook.TablePrincipalExceeds(row, principal, left);
            uint256 total = principal + charged;
            if (total - 1 < ScheduleLib.MAX_ROW_MINOR) return;
            if (total == 0) revert ILoanBook.ScheduleDegenerate(row, 0, left);
            revert ILoanBook.RowTooLarge(row, total, ScheduleLib.MAX_ROW_MINOR);
        }
    }

    function _leaf(uint256 row, uint256 word) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(bytes32(row), bytes32(word));
    }
}
