// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProductCaps, TableRow} from "../Types.sol";

/// @title What lenders and officers decide: facilities, products, and what becomes of a loan that is not paid
/// @notice Part of LoanBook: called at its address, carried out on its storage.
interface ILoanWorkout {
    /// @notice What a lender lends on a product in all, and to one borrower (percent of that); 0 ends new loans.
    event FacilityChanged(
        address indexed lender,
        bytes32 indexed productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    );
    /// @notice The caps of a product from a UTC day on; loans already signed keep their terms.
    event ProductChanged(bytes32 indexed productId, uint256 fromDay, ProductCaps caps);
    /// @notice So much of the loan's principal is not expected back from now on, all told.
    event ImpairmentChanged(bytes32 indexed loan, uint256 impairedMinor);
    /// @notice The loan is in default; counted days past the due day of its oldest unpaid row.
    event LoanDefaulted(bytes32 indexed loan, uint256 daysPastDue);
    /// @notice So much of the principal of a loan in default or written off was paid to the lender by this fund; the
    /// borrower still owes it.
    event CoverApplied(bytes32 indexed loan, address indexed fund, uint256 amountMinor);
    /// @notice The lender's principal in the loan is lost; what is paid of it after all is recovery.
    event LoanWrittenOff(bytes32 indexed loan, uint256 principalMinor);
    /// @notice The LoanBook is paused, or no longer.
    event PausedChanged(bool paused);
    /// @notice The clocks of all loans stood still from an instant until another; 0 for a pause, 1 for a halt of the
    /// ledger.
    event ClockStopped(uint256 fromAt, uint256 untilAt, uint256 reason);
    /// @notice Nothing is overdue any more, or new terms were agreed: the loan is no longer in default.
    event LoanCured(bytes32 indexed loan);

    /// @notice The facility's number, the last 32 bits of a hash, is that of another facility, held by this lender or
    /// another one.
    error FacilityTaken(address lender, bytes32 productId, address holder);
    /// @notice A lender has at most so many facilities.
    error TooManyFacilities(address lender, uint256 most);
    /// @notice More than the lender has in the loan cannot be lost of it.
    error ImpairmentTooHigh(bytes32 loan, uint256 impairedMinor, uint256 mostMinor);
    /// @notice The loan is impaired by so much already.
    error ImpairmentUnchanged(bytes32 loan, uint256 impairedMinor);
    /// @notice The loan is not late enough to be in default: it needs more counted days.
    error NotLateEnough(bytes32 loan, uint256 daysPastDue, uint256 neededDays);
    /// @notice More than is uncovered of the loan cannot be covered.
    error CoverTooHigh(bytes32 loan, uint256 amountMinor, uint256 mostMinor);
    /// @notice Another fund has covered the loan.
    error CoveredByAnother(bytes32 loan, address fund);
    /// @notice While the LoanBook is paused, nobody defaults.
    error LoanBookPaused(uint256 sinceAt);
    /// @notice The LoanBook is paused already, or is not.
    error PauseUnchanged(bool paused);
    /// @notice A pause lasts longer than this one has: every stop of the clock makes payments of late loans dearer.
    error PauseTooShort(uint256 lastedSeconds, uint256 leastSeconds);
    /// @notice The ledger knows no such block at this height, or the block is too old to tell.
    error UnknownHeader(uint256 number, bytes32 hash);
    /// @notice The one block is not the other's parent.
    error HeadersNotConsecutive(bytes32 parentHash, bytes32 hash);
    /// @notice The two blocks are too close for a halt.
    error HaltTooShort(uint256 seconds_, uint256 leastSeconds);
    /// @notice The clock stood still then already: for a pause that still lasts, until 0.
    error StopOverlaps(uint256 fromAt, uint256 untilAt, uint256 knownFromAt, uint256 knownUntilAt);

    /// @notice Lets a lender originate on a product, up to a limit; or changes the limit.
    /// @dev Restricted to RISK. Reverts FacilityTaken, TooManyFacilities, TermOutOfRange.
    /// @param lender an institution
    /// @param productId keccak256 of the product's name
    /// @param maxOutstandingMinor the most principal outstanding; 0 ends new loans
    /// @param maxBorrowerPercent of that, the most that one borrower may owe to all lenders together; 1 to 100
    function openFacility(
        address lender,
        bytes32 productId,
        uint256 maxOutstandingMinor,
        uint256 maxBorrowerPercent
    ) external;

    /// @notice Sets what this contract caps for a product, at once or from a day on.
    /// @dev Restricted to RISK. Reverts TermOutOfRange. Caps that wait already are replaced.
    /// @param productId keccak256 of the product's name
    /// @param caps the caps
    /// @param fromDay the first UTC day on which they hold; any day until today means at once
    function setProduct(bytes32 productId, ProductCaps calldata caps, uint256 fromDay) external;

    /// @notice Says how much of a loan's principal is not expected back, all told; 0 takes it back. No due day moves.
    /// @dev Restricted to IMPAIRER. Reverts LoanNotActive (also when it is written off), ImpairmentTooHigh,
    /// ImpairmentUnchanged; RowMissing for a loan by a table on the ordinary path.
    /// @param loan the loan id
    /// @param impairedMinor at most what the lender has in the loan
    function setImpairment(bytes32 loan, uint256 impairedMinor) external;

    /// @notice Says how much of the principal of a loan by a table is not expected back: as above, with the open row.
    /// @dev Restricted to IMPAIRER. Reverts as above, and RowProofInvalid.
    /// @param loan the loan id
    /// @param impairedMinor at most what the lender has in the loan
    /// @param rows the open row, or the whole table
    function setImpairment(bytes32 loan, uint256 impairedMinor, TableRow[] calldata rows) external;

    /// @notice Calls a loan in default that is late by more than DEFAULT_DAYS and its grace, not counting days on which
    /// clocks stood still.
    /// @dev Restricted to COLLECTOR. Reverts LoanNotActive, LoanBookPaused, NotLateEnough.
    /// @param loan the loan id
    function declareDefault(bytes32 loan) external;

    /// @notice Calls a loan by a table in default: as above, with the open row.
    /// @dev Restricted to COLLECTOR. Reverts as above, and RowMissing, RowProofInvalid.
    /// @param loan the loan id
    /// @param rows the open row, or the whole table
    function declareDefault(bytes32 loan, TableRow[] calldata rows) external;

    /// @notice Counts what the caller has just paid the lender for a loan in default, or written off: then as
    /// recovered. The borrower owes it as before; once the lender has all of its own, principal paid goes to the
    /// caller.
    /// @dev Restricted to COVER. Reverts LoanNotActive (also when it is neither), CoverTooHigh, CoveredByAnother.
    /// @param loan the loan id
    /// @param amountMinor minor units, at most what is uncovered
    function applyCover(bytes32 loan, uint256 amountMinor) external;

    /// @notice Counts the lender's principal in a defaulted loan as lost. The claim stands and is charged no further;
    /// principal paid is the lender's until all of the loss is recovered, then that of guarantees.
    /// @dev Restricted to COLLECTOR. Reverts LoanNotActive (also when it is not in default).
    /// @param loan the loan id
    function writeOff(bytes32 loan) external;

    /// @notice Writes a loan by a table off: as above, with the rows that charges accrue on.
    /// @dev Restricted to COLLECTOR. Reverts as above, and RowMissing, RowProofInvalid.
    /// @param loan the loan id
    /// @param rows the open row and those after it that are due, and one more; or the whole table
    function writeOff(bytes32 loan, TableRow[] calldata rows) external;

    /// @notice Pauses the LoanBook or lets it go on. Paused it begins no loan, lends no new money and calls nobody in
    /// default; everything that pays works. No loan gets later meanwhile. A pause lasts MIN_PAUSE_SECONDS at least.
    /// @dev Restricted to PAUSER. Reverts PauseUnchanged, PauseTooShort.
    /// @param paused whether it pauses
    function setPaused(bool paused) external;

    /// @notice Shows that the ledger stood still for longer than HALT_SECONDS: the clocks of all loans stood still too.
    /// Anyone may, as long as the ledger remembers the block after it (8,191 blocks). What was charged meanwhile stays
    /// charged.
    /// @dev Reverts UnknownHeader, HeadersNotConsecutive, HaltTooShort, StopOverlaps.
    /// @param headerBefore RLP of the header of the last block before the halt
    /// @param headerAfter RLP of the header of the first block after it
    function recordHalt(bytes calldata headerBefore, bytes calldata headerAfter) external;
}
