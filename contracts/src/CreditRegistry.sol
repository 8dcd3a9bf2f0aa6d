// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {CreditPolicy} from "./CreditPolicy.sol";
import {FurnishedCredit} from "./FurnishedCredit.sol";
import {History, ICreditRegistry, LimitView} from "./interfaces/ICreditRegistry.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {CreditPacking, PackedCredit} from "./libraries/CreditPacking.sol";
import {LimitLib} from "./libraries/LimitLib.sol";
import {TypedDataLib} from "./libraries/TypedDataLib.sol";
import {ScoreReport} from "./Types.sol";

/// @title Score reports, limits in use, history and the dynamic limit
/// @notice Documented in ICreditRegistry.
contract CreditRegistry is CreditPolicy, FurnishedCredit {
    using CreditPacking for uint256;

    uint256 private constant ON_TIME = 0;
    uint256 private constant CURED = 1;
    uint256 private constant CANCELLED = 2;
    uint256 private constant REDUCED = 3;
    uint256 private constant LATE_BEFORE = 5;

    mapping(address subject => PackedCredit) private _credits;

    /// @param authority the AccessManager
    /// @param identity who the parties are
    constructor(
        address authority,
        IIdentityRegistry identity
    ) AccessManaged(authority) EIP712("Tallystick", "1") FurnishedCredit(identity) {}

    /// @inheritdoc ICreditRegistry
    function publish(ScoreReport calldata report, bytes calldata signatures) external returns (bytes32 uid) {
        uid = _hashTypedDataV4(TypedDataLib.hash(report));
        Policy memory p = _policy;
        (address[] memory members, uint256 quorum, bytes32 set) = _signers(p.signers);
        _requirePublishable(report, uid, set);
        if (p.signerSet < p.firstSignerSet) revert RevokedSignerSet(p.signerSet, p.firstSignerSet);
        address[] memory signedBy = _recover(uid, signatures, members, quorum);
        PackedCredit storage credit = _credits[report.subject];
        uint256 cold = credit.cold;
        uint256 expected = cold.sequence() + 1;
        if (report.sequence != expected || expected > CreditPacking.MAX_SEQUENCE) {
            revert WrongSequence(report.subject, report.sequence, expected);
        }
        credit.hot = credit.hot.withReport(uid, report.limitMinor, report.expiresAt, p.signerSet);
        credit.cold = cold.withIssue(report.score, report.issuedAt, expected, block.timestamp);
        _emitPublished(uid, report, signedBy);
    }

    /// @inheritdoc ICreditRegistry
    function revoke(address subject, bytes32 uid, bytes32 reason) external restricted {
        PackedCredit storage credit = _credits[subject];
        uint256 hot = credit.hot;
        _requireReport(hot, uid);
        credit.hot = hot.withRevoked();
        emit ReportRevoked(subject, uid, reason);
    }

    /// @inheritdoc ICreditRegistry
    function reserve(address subject, bytes32 uid, uint256 amountMinor) external returns (uint256) {
        return _reserve(subject, uid, amountMinor, 1);
    }

    /// @inheritdoc ICreditRegistry
    function reserveMore(address subject, bytes32 uid, uint256 amountMinor) external returns (uint256) {
        return _reserve(subject, uid, amountMinor, 0);
    }

    /// @inheritdoc ICreditRegistry
    function release(address subject, uint64 amountMinor, uint8 outcome) external {
        _requireKnownBook();
        PackedCredit storage credit = _credits[subject];
        uint256 hot = credit.hot;
        uint256 reserved = hot.reservedMinor();
        uint256 loans = hot.openLoans();
        if (amountMinor > reserved || loans == 0) revert NotReserved(subject, amountMinor, reserved, loans);
        unchecked {
            hot = hot.withExposure(outcome == REDUCED ? loans : loans - 1, reserved - amountMinor);
        }
        if (outcome == ON_TIME) {
            credit.hot = hot.raised(CreditPacking.ON_TIME);
            return;
        }
        if (outcome > REDUCED) revert UnknownOutcome(outcome);
        credit.hot = hot;
        if (outcome == CURED) _keepHistory(subject, credit.cold.raised(CreditPacking.CURED));
    }

    /// @inheritdoc ICreditRegistry
    function restore(address subject, uint64 amountMinor, uint8 outcome) external {
        _requireKnownBook();
        if (outcome > CANCELLED) revert UnknownOutcome(outcome);
        PackedCredit storage credit = _credits[subject];
        uint256 hot = credit.hot;
        uint256 reserved = hot.reservedMinor() + amountMinor;
        uint256 loans = hot.openLoans() + 1;
        if (reserved > CreditPacking.MAX_MINOR || loans > CreditPacking.MAX_OPEN_LOANS) {
            revert ExposureOutOfRange(subject, loans, reserved);
        }
        hot = hot.withExposure(loans, reserved);
        credit.hot = outcome == ON_TIME ? hot.lowered(CreditPacking.ON_TIME) : hot;
        if (outcome == CANCELLED) return;
        uint256 cold = credit.cold;
        _keepHistory(subject, outcome == ON_TIME ? cold : cold.lowered(CreditPacking.CURED));
    }

    /// @inheritdoc ICreditRegistry
    function noteArrears(address subject, uint256 bucketBefore, uint256 bucketAfter) external {
        _requireKnownBook();
        uint256 from = bucketBefore == LATE_BEFORE ? 0 : bucketBefore;
        if (bucketAfter <= from || bucketAfter > WORST_BUCKET) revert WrongBuckets(bucketBefore, bucketAfter);
        uint256 cold = _credits[subject].cold;
        if (bucketBefore == LATE_BEFORE) cold = cold.raised(CreditPacking.CURED);
        // the counters of the buckets lie one byte apart
        for (uint256 bucket = from; bucket < bucketAfter; ++bucket) cold = cold.raised(8 * bucket);
        _keepHistory(subject, cold);
    }

    /// @inheritdoc ICreditRegistry
    function noteWriteOff(address subject) external {
        _requireKnownBook();
        _keepHistory(subject, _credits[subject].cold.raised(CreditPacking.WRITTEN_OFF));
    }

    /// @inheritdoc ICreditRegistry
    function step(address subject) external returns (uint256 scaleAfter) {
        PackedCredit storage credit = _credits[subject];
        (uint256 hot, uint256 cold) = (credit.hot, credit.cold);
        if (cold.sequence() == 0) revert NoReport(subject);
        uint256 until = cold.steppedAt() + LimitLib.COOLDOWN_SECONDS;
        if (block.timestamp < until) revert LimitCoolingDown(subject, until);
        uint256 reasons;
        (scaleAfter, reasons) = _nextStep(hot, cold);
        credit.hot = hot.withScale(scaleAfter);
        credit.cold = cold.withStep(hot, block.timestamp);
        emit LimitStepped(subject, hot.scale(), scaleAfter, reasons);
    }

    /// @inheritdoc ICreditRegistry
    function current(
        address subject
    )
        external
        view
        returns (
            bytes32 uid,
            uint256 score,
            uint256 limitMinor,
            uint256 issuedAt,
            uint256 expiresAt,
            uint256 sequence,
            bool revoked
        )
    {
        (uint256 hot, uint256 cold) = (_credits[subject].hot, _credits[subject].cold);
        (uid, score, limitMinor) = (hot.cutUid(), cold.scoreOf(), hot.limitOf());
        (issuedAt, expiresAt, sequence) = (cold.issuedAt(), hot.expiresAt(), cold.sequence());
        revoked = hot.isRevoked();
    }

    /// @inheritdoc ICreditRegistry
    function requireCurrent(address subject, bytes32 uid) external view returns (uint256 limitMinor) {
        return _requireCurrent(_credits[subject].hot, uid, _policy.firstSignerSet, _policy.marketFactorPpm);
    }

    /// @inheritdoc ICreditRegistry
    function limitOf(address subject) external view returns (LimitView memory limit) {
        (uint256 hot, uint256 cold) = (_credits[subject].hot, _credits[subject].cold);
        limit.reportMinor = hot.limitOf();
        limit.scale = hot.scale();
        limit.limitMinor = LimitLib.effectiveLimit(hot, _policy.marketFactorPpm);
        limit.signerSet = hot.signerSetOf();
        limit.steppedAt = cold.steppedAt();
        (limit.nextScale, limit.nextReasons) = _nextStep(hot, cold);
    }

    /// @inheritdoc ICreditRegistry
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor) {
        uint256 hot = _credits[subject].hot;
        return (hot.openLoans(), hot.reservedMinor());
    }

    /// @inheritdoc ICreditRegistry
    function historyOf(address subject) external view returns (History memory) {
        return CreditPacking.history(_credits[subject].hot, _credits[subject].cold);
    }

    function _reserve(
        address subject,
        bytes32 uid,
        uint256 amountMinor,
        uint256 newLoans
    ) private returns (uint256 reserved) {
        (uint256 firstSignerSet, uint256 marketFactorPpm) = _requireOpenBook();
        PackedCredit storage credit = _credits[subject];
        uint256 hot = credit.hot;
        uint256 limit = _requireCurrent(hot, uid, firstSignerSet, marketFactorPpm);
        uint256 before = hot.reservedMinor();
        reserved = before + amountMinor;
        if (reserved > limit) {
            revert LimitExceeded(subject, amountMinor, limit > before ? limit - before : 0);
        }
        uint256 loans = hot.openLoans() + newLoans;
        if (loans > CreditPacking.MAX_OPEN_LOANS) revert ExposureOutOfRange(subject, loans, reserved);
        credit.hot = hot.withExposure(loans, reserved);
    }

    /// @dev As `emit ReportPublished(subject, uid, report, signedBy)`, without re-encoding the fourteen words that lie
    /// in calldata as they shall lie in the log. Behind them: where the signers begin, their number, they.
    function _emitPublished(bytes32 uid, ScoreReport calldata report, address[] memory signedBy) private {
        bytes32 topic = ReportPublished.selector;
        address subject = report.subject;
        assembly ("memory-safe") {
            let start := mload(0x40)
            let listed := add(0x20, shl(5, mload(signedBy)))
            calldatacopy(start, report, 0x1c0)
            mstore(add(start, 0x1c0), 0x1e0)
            mcopy(add(start, 0x1e0), signedBy, listed)
            log3(start, add(0x1e0, listed), topic, subject, uid)
        }
    }

    function _keepHistory(address subject, uint256 cold) private {
        _credits[subject].cold = cold;
        emit HistoryChanged(subject, CreditPacking.history(_credits[subject].hot, cold));
    }

    function _nextStep(uint256 hot, uint256 cold) private view returns (uint256 scaleAfter, uint256 reasons) {
        uint256 limit = LimitLib.effectiveLimit(hot, _policy.marketFactorPpm);
        reasons = LimitLib.reasonsFor(hot, cold, limit, block.timestamp);
        scaleAfter = LimitLib.nextScale(hot.scale(), reasons);
    }

    function _requirePublishable(ScoreReport calldata report, bytes32 uid, bytes32 set) private view {
        if (
            report.score > type(uint16).max ||
            report.limitMinor > CreditPacking.MAX_MINOR ||
            report.issuedAt > CreditPacking.MAX_SECONDS ||
            report.expiresAt > CreditPacking.MAX_SECONDS
        ) revert ReportOutOfRange(report.score, report.limitMinor, report.issuedAt, report.expiresAt);
        if (report.issuedAt > block.timestamp) revert ReportFromFuture(report.issuedAt, block.timestamp);
        if (report.expiresAt < block.timestamp) revert ReportExpired(uid, report.expiresAt);
        if (report.signerSet != set) revert WrongSignerSet(report.signerSet, set);
        bytes32 actual = Blockhash.blockHash(report.blockNumber);
        if (actual == 0) revert StaleReport(report.blockNumber);
        if (actual != report.blockHash) {
            revert WrongBlockHash(report.blockNumber, report.blockHash, actual);
        }
    }

    function _requireCurrent(
        uint256 hot,
        bytes32 uid,
        uint256 firstSignerSet,
        uint256 marketFactorPpm
    ) private view returns (uint256) {
        _requireReport(hot, uid);
        if (hot.signerSetOf() < firstSignerSet) revert RevokedSignerSet(hot.signerSetOf(), firstSignerSet);
        if (hot.expiresAt() < block.timestamp) revert ReportExpired(uid, hot.expiresAt());
        return LimitLib.effectiveLimit(hot, marketFactorPpm);
    }

    function _requireReport(uint256 hot, bytes32 uid) private pure {
        if (!hot.isReport(uid)) revert ReportSuperseded(uid, hot.cutUid());
        if (hot.isRevoked()) revert RevokedReport(uid);
    }
}
