// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {ILoanWorkout} from "./interfaces/ILoanWorkout.sol";
import {ClockLib} from "./libraries/ClockLib.sol";
import {LoanPacking} from "./libraries/LoanPacking.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {SpecialPacking} from "./libraries/SpecialPacking.sol";
import {Case, LoanActs} from "./LoanActs.sol";
import {LoanStorage, Neighbours} from "./LoanStorage.sol";
import {ProductCaps, TableRow} from "./Types.sol";

/// @title What lenders and officers decide
/// @notice Documented in ILoanWorkout. A module of LoanBook.
contract LoanWorkout is ILoanWorkout, LoanActs {
    using BlockHeader for *;
    using LoanPacking for *;
    using ProductPacking for uint256;

    /// @notice A loan is in default when it is later than this, and than its grace.
    uint256 public constant DEFAULT_DAYS = 90;
    /// @notice A ledger that made no block for longer than this stood still.
    uint256 public constant HALT_SECONDS = 1 days;
    /// @notice A pause lasts at least so long: a payment of a late loan reads every stop since the due day, and nobody
    /// shall make so many that it no longer fits a transaction.
    uint256 public constant MIN_PAUSE_SECONDS = 1 hours;
    /// @notice A pool's valuation walks over its facilities.
    uint256 public constant MAX_FACILITIES = 32;
    /// @dev Why clocks stood still.
    uint256 private constant PAUSE = 0;
    uint256 private constant HALT = 1;
    uint256 private constant PERCENT = 100;
    uint256 private constant LAST_PRODUCT_DAY = 2 ** 17 - 1;

    /// @notice The next module.
    address public immutable AGREEMENTS;

    /// @param neighbours whom it works with
    /// @param agreements the next module
    constructor(Neighbours memory neighbours, address agreements) LoanStorage(neighbours) {
        AGREEMENTS = agreements;
    }

    /// @notice Everything that is not a decision.
    fallback() external {
        _delegate(AGREEMENTS);
    }

    /// @inheritdoc ILoanWorkout
    function openFacility(
        address lender,
        bytes32 productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    ) external restricted {
        _within("maxOutstandingMinor", maxOutstandingMinor, 0, U44);
        _within("maxBorrowerPercent", maxBorrowerPercent, 1, PERCENT);
        uint256 id = LoanPacking.facilityIdOf(lender, productId);
        Facility storage facility = _facilities[id];
        address holder = facility.lender;
        if (holder == address(0)) _enter(lender, productId, id);
        else if (holder != lender || _facilityProducts[id] != productId) {
            revert FacilityTaken(lender, productId, holder);
        }
        uint256 used = facility.line & U44;
        facility.lender = lender;
        facility.line = uint96(
            used | (maxOutstandingMinor << MOST_SHIFT) | (maxBorrowerPercent << PERCENT_SHIFT)
        );
        emit FacilityChanged(lender, productId, maxOutstandingMinor, maxBorrowerPercent);
    }

    /// @inheritdoc ILoanWorkout
    function setProduct(bytes32 productId, ProductCaps calldata caps, uint256 fromDay) external restricted {
        uint256 word = ProductPacking.pack(caps);
        Product storage product = _products[productId];
        uint256 today = block.timestamp / 1 days;
        if (fromDay <= today) {
            product.word = word;
            fromDay = today;
        } else {
            _within("fromDay", fromDay, 0, LAST_PRODUCT_DAY);
            product.word = _capsOf(productId).withNextDay(fromDay);
            product.next = word;
        }
        emit ProductChanged(productId, fromDay, caps);
    }

    /// @inheritdoc ILoanWorkout
    function setImpairment(bytes32 loanId, uint256 impairedMinor) external restricted nonReentrant {
        _setImpairment(_hold(loanId), impairedMinor);
    }

    /// @inheritdoc ILoanWorkout
    function setImpairment(
        bytes32 loanId,
        uint256 impairedMinor,
        TableRow[] calldata rows
    ) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _setImpairment(k, impairedMinor);
    }

    /// @inheritdoc ILoanWorkout
    function declareDefault(bytes32 loanId) external restricted nonReentrant {
        _declareDefault(_hold(loanId));
    }

    /// @inheritdoc ILoanWorkout
    function declareDefault(bytes32 loanId, TableRow[] calldata rows) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _declareDefault(k);
    }

    /// @inheritdoc ILoanWorkout
    function applyCover(bytes32 loanId, uint256 amountMinor) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        bool isWrittenOff = k.x.kind == SpecialPacking.WRITTEN_OFF;
        if (k.x.kind != SpecialPacking.DEFAULTED && !isWrittenOff) _refuse(k);
        _look(k);
        uint256 most = _uncovered(k);
        if (amountMinor > most) revert CoverTooHigh(loanId, amountMinor, most);
        address fund = _funds[loanId];
        if (fund != msg.sender) {
            if (fund != address(0)) revert CoveredByAnother(loanId, fund);
            _funds[loanId] = msg.sender;
        }
        emit CoverApplied(loanId, msg.sender, amountMinor);
        k.x.covered += amountMinor;
        if (isWrittenOff) {
            k.x.writtenOff -= amountMinor;
            _recover(k, amountMinor);
        } else {
            _reduceOutstanding(k.t.facilityId(), amountMinor);
            _capImpairment(k);
        }
        _store(k);
    }

    /// @inheritdoc ILoanWorkout
    function writeOff(bytes32 loanId) external restricted nonReentrant {
        _writeOff(_hold(loanId));
    }

    /// @inheritdoc ILoanWorkout
    function writeOff(bytes32 loanId, TableRow[] calldata rows) external restricted nonReentrant {
        Case memory k = _hold(loanId);
        _bring(k, rows);
        _writeOff(k);
    }

    /// @inheritdoc ILoanWorkout
    function setPaused(bool paused) external restricted nonReentrant {
        uint256 clock = _clock;
        uint256 since = clock & U40;
        if ((since != 0) == paused) revert PauseUnchanged(paused);
        if (paused) {
            _clock = clock | block.timestamp;
        } else {
            uint256 lasted = block.timestamp - since;
            if (lasted < MIN_PAUSE_SECONDS) revert PauseTooShort(lasted, MIN_PAUSE_SECONDS);
            _clock = clock - since;
            _insertStop(since, block.timestamp, PAUSE);
        }
        emit PausedChanged(paused);
        CREDIT.setPaused(paused);
    }

    /// @inheritdoc ILoanWorkout
    function recordHalt(bytes calldata headerBefore, bytes calldata headerAfter) external nonReentrant {
        Memory.Slice[] memory later = BlockHeader.parseHeader(headerAfter);
        bytes32 hash = keccak256(headerAfter);
        if (!later.verifyBlockHeader(hash)) revert UnknownHeader(later.getNumber(), hash);
        bytes32 parent = keccak256(headerBefore);
        if (later.getParentHash() != parent) revert HeadersNotConsecutive(later.getParentHash(), parent);
        uint256 from = BlockHeader.getTimestamp(headerBefore);
        uint256 until = later.getTimestamp();
        if (until - from <= HALT_SECONDS) revert HaltTooShort(until - from, HALT_SECONDS);
        _requireNotPausedUntil(from, until);
        _insertStop(from, until, HALT);
    }

    function _setImpairment(Case memory k, uint256 impairedMinor) private {
        if (k.x.kind == SpecialPacking.WRITTEN_OFF) _refuse(k);
        _look(k);
        uint256 most = _uncovered(k);
        if (impairedMinor > most) revert ImpairmentTooHigh(k.loan, impairedMinor, most);
        if (impairedMinor == k.x.impaired) revert ImpairmentUnchanged(k.loan, impairedMinor);
        _impair(k, impairedMinor);
        _store(k);
    }

    /// @dev As late as it is without the days on which clocks stood still.
    function _declareDefault(Case memory k) private {
        if (k.x.kind != SpecialPacking.ACTIVE) _refuse(k);
        uint256 pausedSince = _clock & U40;
        if (pausedSince != 0) revert LoanBookPaused(pausedSince);
        _stand(k, _today(k.t));
        uint256 late = k.c.dueDay == 0 ? 0 : ClockLib.late(k.clock.stops, k.c.dueDay, k.day);
        uint256 needed = k.t.grace() > DEFAULT_DAYS ? k.t.grace() : DEFAULT_DAYS;
        if (late <= needed) revert NotLateEnough(k.loan, late, needed);
        uint256 before = k.s.bucket;
        _rebucket(k, false);
        k.x.kind = SpecialPacking.DEFAULTED;
        _store(k);
        _noteBucket(k.loan, k.t, before, k.s.bucket, late);
        emit LoanDefaulted(k.loan, late);
    }

    /// @dev The lender no longer counts on it; the claim stands, charged no further.
    function _writeOff(Case memory k) private {
        if (k.x.kind != SpecialPacking.DEFAULTED) _refuse(k);
        _stand(k, _today(k.t));
        _accrue(k);
        uint256 lostMinor = _uncovered(k);
        emit LoanWrittenOff(k.loan, lostMinor);
        if (k.x.impaired != 0) _impair(k, 0);
        k.x.kind = SpecialPacking.WRITTEN_OFF;
        k.x.writtenOff = lostMinor;
        address lender = _reduceOutstanding(k.t.facilityId(), lostMinor);
        _losses[lender].lost += uint64(lostMinor);
        _store(k);
        CREDIT.noteWriteOff(k.t.borrower());
    }

    /// @dev Keeps the stops in order: one recorded late moves those after it up. No two overlap, for a halt lies
    /// between two blocks, and a pause begins and ends in blocks: a halt is within a pause or beside it.
    function _insertStop(uint256 from, uint256 until, uint256 reason) private {
        uint256 clock = _clock;
        uint256 count = clock >> 80;
        uint256 place = count;
        for (; place != 0; --place) {
            uint256 stop = _stops[place - 1];
            uint256 stopUntil = (stop >> 40) & U40;
            if (stopUntil <= from) break;
            if (stop & U40 < until) revert StopOverlaps(from, until, stop & U40, stopUntil);
            _stops[place] = stop;
        }
        _stops[place] = from | (until << 40) | (reason << HALT_SHIFT);
        uint256 last = place == count ? until : (clock >> 40) & U40;
        _clock = (clock & U40) | (last << 40) | ((count + 1) << 80);
        emit ClockStopped(from, until, reason);
    }

    /// @dev A halt within a pause stops nothing that does not stand still.
    function _requireNotPausedUntil(uint256 from, uint256 until) private view {
        uint256 pausedSince = _clock & U40;
        if (pausedSince != 0 && pausedSince < until) revert StopOverlaps(from, until, pausedSince, 0);
    }

    function _enter(address lender, bytes32 productId, uint256 id) private {
        uint256[] storage ids = _facilitiesOf[lender];
        if (ids.length == MAX_FACILITIES) revert TooManyFacilities(lender, MAX_FACILITIES);
        ids.push(id);
        _facilityProducts[id] = productId;
    }
}
