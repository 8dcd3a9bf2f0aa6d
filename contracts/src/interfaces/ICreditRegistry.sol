// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestation, Dispute, Retraction, ScoreReport} from "../Types.sol";

/// @notice What the ledger itself saw of a subject's loans. Each number stops at 255.
/// An episode of lateness counts in every counter that it reached: one of 70 days in late1, late30 and late60.
struct History {
    uint256 loansOnTime; // paid in full and never late
    uint256 late1; // episodes of 1 day or more past the grace
    uint256 late30; // of 30 days or more
    uint256 late60;
    uint256 late90;
    uint256 cured; // episodes that were paid up again
    uint256 writtenOff; // loans
}

/// @notice How a subject's limit comes about, and what the next step would make of it, cooldown aside.
struct LimitView {
    uint256 reportMinor; // the limit of its current report
    uint256 scale; // percent
    uint256 limitMinor; // the limit that applies
    uint256 signerSet; // number of the set that signed the report
    uint256 steppedAt; // when the scale was last reckoned, or else when the first report came; UTC seconds
    uint256 nextScale; // percent
    uint256 nextReasons; // a bit each, see ICreditRegistry.step
}

/// @notice What stands of a furnished attestation beside its event; all zero when it is unknown.
struct Furnished {
    address subject;
    uint40 expiresAt;
    bool revoked;
    bool disputed;
    address furnisher;
}

/// @title Score reports, the part of their limits that is in use, and what is known of how a subject repays
/// @notice A report counts only when a quorum of the signers of its day signed it, and until it expires, is revoked, is
/// superseded by the subject's next one, or its whole set of signers is revoked. A change of signers by itself leaves
/// earlier reports as they are.
///
/// The limit that applies is not the report's alone: `limit = report limit * scale * market factor`. The scale, 25 % to
/// 150 %, belongs to the subject and moves by `step` from what the ledger saw; the market factor, 50 % to 120 %,
/// belongs to all and is set by MARKET.
///
/// Sets of signers change with the public delay of AccessManager: `setSigners` is announced there, with its whole
/// calldata, SIGNER_ADMIN's delay before it can be carried out, and until then SIGNER_ADMIN or GUARDIAN can cancel it.
/// The registry adds no second delay of its own.
interface ICreditRegistry {
    /// @notice A report became the subject's current one.
    event ReportPublished(
        address indexed subject,
        bytes32 indexed uid,
        ScoreReport report,
        address[] signers
    );
    /// @notice A report no longer counts, for a reason kept elsewhere under this salted hash.
    event ReportRevoked(address indexed subject, bytes32 indexed uid, bytes32 reason);
    /// @notice The signers, ascending, and the quorum among them. Sets are numbered from 1 in this order.
    event SignersChanged(bytes32 indexed signerSet, address[] signers, uint256 quorum);
    /// @notice Reports signed by sets with a smaller number no longer count.
    event SignerSetsRevoked(uint256 firstSignerSet, bytes32 reason);
    /// @notice A LoanBook may, or may no longer, reserve limits.
    event LoanBookChanged(address indexed loanBook, bool listed);
    /// @notice A LoanBook reserves nothing, or reserves again.
    event LoanBookPaused(address indexed loanBook, bool paused);
    /// @notice Limits are scaled for the market by this factor from now on.
    event MarketFactorChanged(uint256 factorPpm);
    /// @notice A subject's scale was reckoned anew, for reasons that are a bit each (see `step`).
    event LimitStepped(address indexed subject, uint256 scaleBefore, uint256 scaleAfter, uint256 reasons);
    /// @notice A subject's history changed otherwise than by a loan paid on time, which LoanBook's events tell.
    event HistoryChanged(address indexed subject, History history);
    /// @notice An institution may, or may no longer, say something about subjects.
    event FurnisherChanged(address indexed furnisher, bool listed);
    /// @notice Another lender said something about a subject.
    event AttestationFurnished(
        address indexed subject,
        address indexed furnisher,
        bytes32 indexed uid,
        Attestation attestation
    );
    /// @notice An attestation no longer counts, for a reason kept elsewhere under this salted hash.
    event AttestationRevoked(bytes32 indexed uid, bytes32 reason);
    /// @notice The subject objected to an attestation.
    event AttestationDisputed(bytes32 indexed uid, bytes32 reason);
    /// @notice The objection was decided: upheld, the attestation no longer counts.
    event DisputeResolved(bytes32 indexed uid, bool upheld);

    /// @notice Fewer signatures than the quorum.
    error TooFewSignatures(uint256 given, uint256 quorum);
    /// @notice Signatures must be whole (65 bytes each: r, s, v).
    error MalformedSignatures(uint256 length);
    /// @notice Signatures must come by strictly ascending signer address; a double one is thereby refused too.
    error SignersNotAscending(address previous, address next);
    /// @notice The signature at this position is malformed (length, v or high s).
    error MalformedSignature(uint256 position);
    /// @notice The recovered address is not a registered signer.
    error UnknownSigner(address signer);
    /// @notice The report was signed for another signer set.
    error WrongSignerSet(bytes32 given, bytes32 current);
    /// @notice The report's sequence does not follow the subject's last one.
    error WrongSequence(address subject, uint256 given, uint256 expected);
    /// @notice The block the signers read is unknown to the ledger: too old, or not yet made.
    error StaleReport(uint256 blockNumber);
    /// @notice The signers read another ledger than this one.
    error WrongBlockHash(uint256 blockNumber, bytes32 given, bytes32 actual);
    /// @notice A value of the report does not fit its field.
    error ReportOutOfRange(uint256 score, uint256 limitMinor, uint256 issuedAt, uint256 expiresAt);
    /// @notice The report is dated in the future.
    error ReportFromFuture(uint256 issuedAt, uint256 nowAt);
    /// @notice The report has expired.
    error ReportExpired(bytes32 uid, uint256 expiresAt);
    /// @notice The report was revoked.
    error RevokedReport(bytes32 uid);
    /// @notice The report is not the subject's current one.
    error ReportSuperseded(bytes32 uid, bytes32 current);
    /// @notice The principal does not fit into what is left of the limit.
    error LimitExceeded(address subject, uint256 wantedMinor, uint256 availableMinor);
    /// @notice A signer set needs ascending distinct addresses and a quorum above two thirds of their number.
    error InvalidSignerSet(uint256 signers, uint256 quorum);
    /// @notice Only a listed LoanBook may reserve; only one that ever was may release.
    error NotLoanBook(address caller);
    /// @notice A paused LoanBook reserves nothing.
    error PausedLoanBook(address loanBook);
    /// @notice No more LoanBooks can be listed at a time.
    error TooManyLoanBooks(uint256 most);
    /// @notice There is no more room for the subject's open loans or their principal.
    error ExposureOutOfRange(address subject, uint256 openLoans, uint256 reservedMinor);
    /// @notice A LoanBook gives back what it did not reserve.
    error NotReserved(address subject, uint256 amountMinor, uint256 reservedMinor, uint256 openLoans);
    /// @notice A loan cannot end like this.
    error UnknownOutcome(uint256 outcome);
    /// @notice Arrears are noted from a bucket of 0 to 3, or 5, to a higher one of at most 4.
    error WrongBuckets(uint256 bucketBefore, uint256 bucketAfter);
    /// @notice The report's set of signers was revoked; the first that counts is named.
    error RevokedSignerSet(uint256 signerSet, uint256 firstSignerSet);
    /// @notice The numbers of signer sets are used up.
    error SignerSetsExhausted(uint256 limit);
    /// @notice The first set to count lies neither behind the first one that counts now nor at most one ahead of the
    /// current one.
    error InvalidFirstSignerSet(uint256 given, uint256 first, uint256 current);
    /// @notice The market factor is out of its bounds, or too far from the present one.
    error MarketFactorOutOfRange(uint256 factorPpm, uint256 lowestPpm, uint256 highestPpm);
    /// @notice The market factor was changed too short a time ago.
    error MarketFactorCoolingDown(uint256 until);
    /// @notice The subject has no report.
    error NoReport(address subject);
    /// @notice The subject's limit stepped too short a time ago.
    error LimitCoolingDown(address subject, uint256 until);
    /// @notice The institution is not listed to furnish attestations.
    error NotFurnisher(address furnisher);
    /// @notice The attestation was furnished before.
    error AttestationExists(bytes32 uid);
    /// @notice Nobody furnished this attestation.
    error UnknownAttestation(bytes32 uid);
    /// @notice The attestation was revoked.
    error RevokedAttestation(bytes32 uid);
    /// @notice The attestation has expired.
    error ExpiredAttestation(bytes32 uid, uint256 expiresAt);
    /// @notice Figures of an attestation are out of range or contradict each other.
    error AttestationOutOfRange(
        uint256 loansPaid,
        uint256 loansLate,
        uint256 worstBucket,
        uint256 writtenOffMinor
    );
    /// @notice An attestation is observed before now and lasts from then a bounded time, beyond now.
    error AttestationTimes(uint256 observedAt, uint256 expiresAt, uint256 nowAt);
    /// @notice An attestation names the subject's consent.
    error ConsentMissing(address subject);
    /// @notice The attestation is about somebody else.
    error NotAbout(bytes32 uid, address subject);
    /// @notice This objection was made before, or another one is open.
    error AlreadyDisputed(bytes32 uid);
    /// @notice There is no open objection.
    error NotDisputed(bytes32 uid);

    /// @notice Makes a report the subject's current one. Anyone may bring it; the signatures authorise it.
    /// @param report what the signers say
    /// @param signatures of at least a quorum, 65 bytes each, concatenated by ascending signer address
    /// @return uid the EIP-712 digest of the report
    function publish(ScoreReport calldata report, bytes calldata signatures) external returns (bytes32 uid);

    /// @notice Revokes the subject's current report.
    /// @dev Restricted to REVOKER. Reverts ReportSuperseded, RevokedReport.
    /// @param subject the person
    /// @param uid of the current report
    /// @param reason salted hash of the reason
    function revoke(address subject, bytes32 uid, bytes32 reason) external;

    /// @notice Replaces the signer set; reports signed for the old set can no longer be published.
    /// @dev Restricted to SIGNER_ADMIN, whose delay in AccessManager is the public announcement. Reverts
    /// InvalidSignerSet, SignersNotAscending, SignerSetsExhausted.
    /// @param signers ascending, distinct
    /// @param quorum how many must sign: more than two thirds, so that two quorums always share an honest signer
    function setSigners(address[] calldata signers, uint256 quorum) external;

    /// @notice Ends the worth of all reports of earlier sets of signers, for instance when their keys leaked.
    /// @dev Restricted to REVOKER. Reverts InvalidFirstSignerSet.
    /// @param firstSignerSet number of the first set whose reports count; the current one's plus 1 stops every report
    /// until a new set is appointed
    /// @param reason salted hash of the reason
    function revokeSignerSetsBefore(uint256 firstSignerSet, bytes32 reason) external;

    /// @notice Lists or unlists a LoanBook. One that was listed before can always give limits back and note history:
    /// unlisting it stops new loans only.
    /// @dev Restricted to BOOKKEEPER. Reverts TooManyLoanBooks.
    /// @param loanBook the contract
    /// @param listed whether it may reserve
    function setLoanBook(address loanBook, bool listed) external;

    /// @notice Scales all limits for the market.
    /// @dev Restricted to MARKET. Reverts MarketFactorOutOfRange, MarketFactorCoolingDown.
    /// @param factorPpm 500,000 to 1,200,000, within 100,000 of the present one, a day or more after the last change
    function setMarketFactor(uint256 factorPpm) external;

    /// @notice Lists or unlists an institution that may say something about subjects. What an unlisted one said before
    /// no longer counts.
    /// @dev Restricted to FURNISHER_ADMIN.
    /// @param furnisher the institution
    /// @param listed whether it may
    function setFurnisher(address furnisher, bool listed) external;

    /// @notice Reserves principal of a new loan under the subject's current report.
    /// @dev Only for listed LoanBooks. Reverts NotLoanBook, PausedLoanBook, ReportSuperseded, RevokedReport,
    /// RevokedSignerSet, ReportExpired, LimitExceeded, ExposureOutOfRange.
    /// @param subject the borrower
    /// @param uid the report the agreement names; its first 88 bits are compared
    /// @param amountMinor principal
    /// @return reservedMinor the subject's reserved principal from now on, over all LoanBooks
    function reserve(
        address subject,
        bytes32 uid,
        uint256 amountMinor
    ) external returns (uint256 reservedMinor);

    /// @notice Reserves more principal for a loan that is open.
    /// @dev As reserve, without one loan more.
    /// @param subject the borrower
    /// @param uid the report the new terms name
    /// @param amountMinor new money
    /// @return reservedMinor the subject's reserved principal from now on, over all LoanBooks
    function reserveMore(
        address subject,
        bytes32 uid,
        uint256 amountMinor
    ) external returns (uint256 reservedMinor);

    /// @notice Gives back reserved principal.
    /// @dev For every LoanBook that was ever listed. Reverts NotLoanBook, NotReserved, UnknownOutcome. These types
    /// give it a low selector, and selectors are tried in order: 800 gas at the end of each loan.
    /// @param subject the borrower
    /// @param amountMinor the principal to give back
    /// @param outcome 0 the loan was paid on time, 1 it was paid but once late, 2 it was cancelled or unwound, which
    /// leaves no history, 3 its principal became less and it goes on
    function release(address subject, uint64 amountMinor, uint8 outcome) external;

    /// @notice Takes a release back, whatever the limit is by now: a payment was returned and the loan is open again.
    /// @dev For every LoanBook that was ever listed. Reverts NotLoanBook, UnknownOutcome, ExposureOutOfRange.
    /// @param subject the borrower
    /// @param amountMinor the principal that was given back
    /// @param outcome 0, 1 or 2, as it was released
    function restore(address subject, uint64 amountMinor, uint8 outcome) external;

    /// @notice Notes that a loan came to be later than it was.
    /// @dev For every LoanBook that was ever listed. Reverts NotLoanBook, WrongBuckets.
    /// @param subject the borrower
    /// @param bucketBefore 0 never late before, 1 to 3 within this episode, 5 an earlier episode was paid up
    /// @param bucketAfter 1 to 4
    function noteArrears(address subject, uint256 bucketBefore, uint256 bucketAfter) external;

    /// @notice Notes that a loan was written off.
    /// @dev For every LoanBook that was ever listed. Reverts NotLoanBook.
    /// @param subject the borrower
    function noteWriteOff(address subject) external;

    /// @notice A LoanBook pauses itself here, or goes on: paused it reserves nothing.
    /// @dev For every LoanBook that was ever listed. Reverts NotLoanBook.
    /// @param paused whether it reserves nothing
    function setPaused(bool paused) external;

    /// @notice Reckons a subject's scale anew from what the ledger saw since the last step, or since the subject's
    /// first report. Anyone may ask, 30 days or more after that.
    ///
    /// | bit | reason | when, since the last step | points |
    /// |---|---|---|---|
    /// | 1 | good repayment | a loan was paid on time, nothing was late | +10 |
    /// | 2 | high utilisation | more than 80 % of the limit is reserved now | -5 |
    /// | 4 | frequent applications | 3 reports or more, on average within 30 days of each other | -5 |
    /// | 8 | late | an episode reached 1 or 30 days, none 60 | -10 |
    /// | 16 | seriously late | an episode reached 60 or 90 days | -25 |
    /// | 32 | written off | a loan was written off | to 25 % |
    ///
    /// All together move the scale by at most 25 points, but for a write-off; it stays within 25 % and 150 %.
    /// @dev Reverts NoReport, LimitCoolingDown. A counter that is full counts as risen where that lowers.
    /// @param subject the person
    /// @return scaleAfter percent of the report's limit
    function step(address subject) external returns (uint256 scaleAfter);

    /// @notice Records what another lender says about a subject. Anyone may bring it; the signature authorises it.
    /// @dev Reverts NotFurnisher, ConsentMissing, AttestationOutOfRange, AttestationTimes, AttestationExists,
    /// InvalidSignature(furnisher).
    /// @param attestation what it says
    /// @param signature that the furnisher's ERC-1271 accepts
    /// @return uid the EIP-712 digest of the attestation
    function furnish(
        Attestation calldata attestation,
        bytes calldata signature
    ) external returns (bytes32 uid);

    /// @notice The furnisher takes back what it said.
    /// @dev Reverts UnknownAttestation, NotFurnisher, RevokedAttestation.
    /// @param uid the attestation
    /// @param reason salted hash of the reason
    function revokeAttestation(bytes32 uid, bytes32 reason) external;

    /// @notice The same by the furnisher's signature, for one that cannot call.
    /// @dev Reverts DeadlinePassed, UnknownAttestation, RevokedAttestation, InvalidSignature(furnisher).
    /// @param retraction the attestation and the reason
    /// @param signature that the furnisher's ERC-1271 accepts
    function revokeAttestationBySignature(Retraction calldata retraction, bytes calldata signature) external;

    /// @notice The subject objects to what was said. The attestation carries a mark until the objection is decided.
    /// @dev Reverts DeadlinePassed, UnknownAttestation, NotAbout, RevokedAttestation, AlreadyDisputed,
    /// InvalidSignature(subject).
    /// @param objection the attestation and the reason
    /// @param signer of the subject
    /// @param signature by the signer
    function dispute(Dispute calldata objection, bytes calldata signer, bytes calldata signature) external;

    /// @notice Decides an objection: upheld, the attestation is revoked; otherwise the mark goes.
    /// @dev Restricted to FURNISHER_ADMIN. Reverts UnknownAttestation, NotDisputed.
    /// @param uid the attestation
    /// @param upheld whether the subject is right
    function resolveDispute(bytes32 uid, bool upheld) external;

    /// @notice The subject's current report, valid or not: test the times and `revoked`, or use requireCurrent.
    /// @param subject the person
    /// @return uid its first 88 bits, zeros behind them; zero when none was ever published. The whole uid stands in the
    /// event
    /// @return score points
    /// @return limitMinor 0 means declined
    /// @return issuedAt UTC seconds
    /// @return expiresAt UTC seconds
    /// @return sequence number of reports so far
    /// @return revoked whether it was
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
        );

    /// @notice The limit that applies under a report that counts now.
    /// @dev Reverts ReportSuperseded, RevokedReport, RevokedSignerSet, ReportExpired.
    /// @param subject the person
    /// @param uid of the report; its first 88 bits are compared
    /// @return limitMinor the report's limit, scaled for the subject and for the market
    function requireCurrent(address subject, bytes32 uid) external view returns (uint256 limitMinor);

    /// @notice How a subject's limit comes about, whether its report counts or not.
    /// @param subject the person
    /// @return limit its parts, and what a step would do
    function limitOf(address subject) external view returns (LimitView memory limit);

    /// @notice Open loans of a subject over all LoanBooks, and their principal.
    /// @param subject the person
    /// @return openLoans number
    /// @return reservedMinor sum of principals, each in full until its loan closes
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor);

    /// @notice What the ledger saw of a subject's loans.
    /// @param subject the person
    /// @return history seven counters
    function historyOf(address subject) external view returns (History memory history);

    /// @notice What stands of an attestation, whether it counts or not: test every field, or use requireAttestation.
    /// @param uid the attestation
    /// @return furnished all zero when it is unknown
    function attestationOf(bytes32 uid) external view returns (Furnished memory furnished);

    /// @notice Refuses an attestation that does not count.
    /// @dev Reverts UnknownAttestation, RevokedAttestation, ExpiredAttestation, NotFurnisher when it was unlisted.
    /// @param uid the attestation
    /// @return disputed whether the subject objects to it, which is for the reader to weigh
    function requireAttestation(bytes32 uid) external view returns (bool disputed);

    /// @notice Whether an institution may say something about subjects.
    /// @param furnisher the institution
    /// @return whether it is listed
    function isFurnisher(address furnisher) external view returns (bool);

    /// @notice What holds for all subjects.
    /// @return signerSetNumber of the current set, 0 before the first
    /// @return firstSignerSet reports of sets below do not count
    /// @return factorPpm the market's, 1,000,000 leaves limits as they are
    /// @return factorChangedAt UTC seconds, 0 when it never was
    function policy()
        external
        view
        returns (uint256 signerSetNumber, uint256 firstSignerSet, uint256 factorPpm, uint256 factorChangedAt);

    /// @notice keccak256(abi.encode(signers ascending, quorum)).
    /// @return digest of the current set
    function signerSet() external view returns (bytes32 digest);

    /// @notice Whether an address is a signer.
    /// @param signer the address
    /// @return whether it is
    function isSigner(address signer) external view returns (bool);

    /// @notice The current signers, ascending, and their quorum.
    /// @return signers addresses
    /// @return quorum how many must sign
    function signers() external view returns (address[] memory signers, uint256 quorum);

    /// @notice Whether a contract may reserve limits, paused or not.
    /// @param loanBook the contract
    /// @return whether it is listed
    function isLoanBook(address loanBook) external view returns (bool);

    /// @notice The LoanBooks that are listed.
    /// @return loanBooks in no particular order
    function loanBooks() external view returns (address[] memory loanBooks);
}
