// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, Payment, TableRow} from "../Types.sol";

/// @title Loans from origination to the last instalment
/// @notice Every entry has one shape: derive the id, require, accrue, convert, update, emit, transfer.
/// From the events alone every balance can be rebuilt.
///
///     disbursementDay     due(0)    +grace           due(1)                due(n-1)
///     |---- row 0 --------|---------|------ row 1 ---|---- ... ------------|
///     interest runs over [previous due, due)          late fee once, penalty from the due day,
///                                                     both only once the grace has passed
interface ILoanBook {
    /// @notice Both sides' signatures were checked, the schedule was derived, the money was paid out.
    event LoanOriginated(
        bytes32 indexed loan,
        address indexed borrower,
        address indexed lender,
        Agreement agreement
    );
    /// @notice A payment and how the waterfall split it, on this day of the loan's time zone.
    event PaymentApplied(
        bytes32 indexed loan,
        address indexed payer,
        uint256 amountMinor,
        uint256 lateFeeMinor,
        uint256 penaltyMinor,
        uint256 interestMinor,
        uint256 principalMinor,
        uint256 day
    );
    /// @notice The loan moved to another arrears bucket; days past the due day of its oldest unpaid row.
    event ArrearsChanged(bytes32 indexed loan, uint256 bucket, uint256 daysPastDue);
    /// @notice Everything was paid; nothing is left.
    event LoanClosed(bytes32 indexed loan, uint256 day);
    /// @notice A loan's collection by mandate failed, with what its act reverted; the others of the call went on.
    event CollectionFailed(bytes32 indexed loan, bytes reason);

    /// @notice The method is not known to this LoanBook, or not of the kind that the function is for.
    error UnsupportedMethod(uint256 method);
    /// @notice The period unit is not known to this LoanBook.
    error UnsupportedPeriodUnit(uint256 periodUnit);
    /// @notice The day count is not known to this LoanBook, or counts months where due days do not.
    error UnsupportedDayCount(uint256 dayCount);
    /// @notice The rounding word names an unknown rule, or one that the method does not have.
    error UnsupportedRounding(uint256 rounding);
    /// @notice Nobody lends to itself: it would count as an asset what it owes.
    error BorrowerIsLender(address party);
    /// @notice The currency is not the one this LoanBook lends.
    error UnsupportedCurrency(address currency);
    /// @notice A term lies outside of what its field holds or the product allows.
    error TermOutOfRange(bytes32 term, uint256 value, uint256 least, uint256 most);
    /// @notice The time zone lies beyond UTC-12 to UTC+14.
    error TimeZoneOutOfRange(int256 timeZoneMinutes);
    /// @notice The instalment is not a multiple of the agreed rounding multiple.
    error InstalmentNotMultiple(uint256 instalmentMinor, uint256 multipleMinor);
    /// @notice The waterfall does not name late fee, penalty, interest and principal once each, interest first of
    /// the last two.
    error InvalidWaterfall(uint256 waterfall);
    /// @notice The product is unknown or no longer offered.
    error ProductInactive(bytes32 productId);
    /// @notice The product is not sold with this method.
    error MethodNotOffered(bytes32 productId, uint256 method);
    /// @notice Today is outside of the days in which the agreement may begin.
    error OutsideOriginationWindow(uint256 today, uint256 firstDay, uint256 lastDay);
    /// @notice The first due day does not follow from the anchor day, or does not follow the disbursement.
    error FirstDueDayInconsistent(uint256 firstDueDay, uint256 derivedDay);
    /// @notice The schedule derived from the terms is not the signed one.
    error ScheduleRootMismatch(bytes32 signed, bytes32 derived);
    /// @notice The terms do not carry the schedule at this row: it pays nothing, too much too early, or too much at
    /// last.
    error ScheduleDegenerate(uint256 row, uint256 interestMinor, uint256 balanceMinor);
    /// @notice A row asks for more than a payment can be.
    error RowTooLarge(uint256 row, uint256 totalMinor, uint256 mostMinor);
    /// @notice The table has more or fewer rows than the agreement says.
    error RowCountMismatch(uint256 rows, uint256 periods);
    /// @notice A row is not due later than the one before it; the first: due before the disbursement.
    error TableDayNotLater(uint256 row, uint256 dueDay, uint256 previousDay);
    /// @notice A row asks for more interest than has accrued and was not asked for yet.
    error TableInterestExceeds(uint256 row, uint256 interestMinor, uint256 accruedMinor);
    /// @notice A row repays more than is left.
    error TablePrincipalExceeds(uint256 row, uint256 principalMinor, uint256 balanceMinor);
    /// @notice The last row does not bring the balance to zero, or an earlier one has (then 0 is left).
    error TableBalanceLeft(uint256 balanceMinor);
    /// @notice The loan is by a table, and this row of it was not brought.
    error RowMissing(uint256 row);
    /// @notice The proof does not show this row to be in the loan's table.
    error RowProofInvalid(uint256 row);
    /// @notice The lender has no facility for the product.
    error UnknownFacility(address lender, bytes32 productId);
    /// @notice The principal does not fit into what is left of the lender's facility for the product.
    error FacilityExceeded(address lender, bytes32 productId, uint256 wantedMinor, uint256 availableMinor);
    /// @notice The borrower would owe more principal in all than the facility lends to one borrower.
    error BorrowerLimitExceeded(address borrower, uint256 reservedMinor, uint256 mostMinor);
    /// @notice Interest and upfront fee are more than the product allows.
    error TotalCostTooHigh(uint256 totalCostMinor, uint256 mostMinor);
    /// @notice The party is not registered, frozen, or its KYC expired.
    error PartyNotInStanding(address party);
    /// @notice The borrower is not known well enough for the product.
    error KycTooLow(address borrower, uint256 level, uint256 needed);
    /// @notice This LoanBook cannot tell more conditions apart; a new version takes over.
    error ConditionsExhausted(uint256 conditions);
    /// @notice The agreement was originated before.
    error LoanExists(bytes32 loan);
    /// @notice The loan is unknown or closed.
    error LoanNotActive(bytes32 loan, uint256 status);
    /// @notice A payment must move something.
    error ZeroPayment(bytes32 loan);
    /// @notice More than everything owed: nothing is taken.
    error Overpayment(bytes32 loan, uint256 amountMinor, uint256 owedMinor);
    /// @notice The loan has no mandate that is valid on this day.
    error MandateMissing(bytes32 loan, uint256 day, uint256 lastDay);
    /// @notice More is due than the mandate lets one collection take.
    error MandateExceeded(bytes32 loan, uint256 dueMinor, uint256 maxAmountMinor);
    /// @notice Nothing is due on this day.
    error NothingDue(bytes32 loan, uint256 day);
    /// @notice More loans than one call collects.
    error TooManyCollections(uint256 loans, uint256 most);
    /// @notice Only the contract itself calls this.
    error OnlySelf(address caller);
    /// @notice The order was executed before.
    error NonceUsed(bytes32 loan, uint256 nonce);
    /// @notice The nonce lies beyond the window.
    error NonceTooFar(bytes32 loan, uint256 nonce, uint256 nonceBase);
    /// @notice The bucket has not changed since the last touch.
    error ArrearsUnchanged(bytes32 loan, uint256 bucket);

    /// @notice Begins a loan and pays it out, from both sides' signatures over the agreement's digest.
    /// @dev Reverts LoanExists, DeadlinePassed, UnsupportedCurrency; for its terms UnsupportedMethod,
    /// UnsupportedPeriodUnit, UnsupportedDayCount, UnsupportedRounding, InvalidWaterfall, FirstDueDayInconsistent,
    /// TimeZoneOutOfRange, InstalmentNotMultiple, TermOutOfRange; for the product ProductInactive, MethodNotOffered,
    /// TotalCostTooHigh, OutsideOriginationWindow; for the schedule RowCountMismatch (of a table), ScheduleDegenerate,
    /// RowTooLarge, ScheduleRootMismatch; for the parties BorrowerIsLender, PartyNotInStanding, InvalidSignature,
    /// KycTooLow; for limits UnknownFacility, FacilityExceeded, BorrowerLimitExceeded, ConditionsExhausted, and as
    /// CreditRegistry.reserve; InsufficientCash.
    /// @param agreement the terms
    /// @param borrowerSigner which of the subject's signers signed
    /// @param borrowerSignature by that signer
    /// @param lenderSignature what the lender's ERC-1271 accepts
    /// @return loan the loan id
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature
    ) external returns (bytes32 loan);

    /// @notice Pays a loan from the caller's own cash. Anyone may; a frozen party only its own loan.
    /// @dev Reverts LoanNotActive, ZeroPayment, Overpayment, PartyNotInStanding, InsufficientCash; RowMissing when
    /// the loan is by a table and has open rows.
    /// @param loan the loan id
    /// @param amountMinor minor units, all of it is applied
    function repay(bytes32 loan, uint256 amountMinor) external;

    /// @notice Pays a loan by a table: as above, with the rows that the payment needs.
    /// @dev Needed are the open row and those after it that the amount reaches; when today is past the grace of a row,
    /// or later than the due day of the last row paid, the one after it too. More of them do no harm. The whole table
    /// serves too, from its first row on: when that one brings no proof, none is asked of the others.
    /// Reverts RowMissing, RowProofInvalid, ScheduleRootMismatch; UnsupportedMethod for a loan by a formula.
    /// @param loan the loan id
    /// @param amountMinor minor units, all of it is applied
    /// @param rows the open row and those after it, or the whole table
    function repay(bytes32 loan, uint256 amountMinor, TableRow[] calldata rows) external;

    /// @notice Pays a loan from its borrower's cash by the borrower's signature. Anyone may bring it.
    /// @dev Reverts as repay, and DeadlinePassed, NonceUsed, NonceTooFar, InvalidSignature.
    /// @param payment what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the payment
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature
    ) external;

    /// @notice Pays a loan by a table by the borrower's signature: as above, with the rows as for repay.
    /// @dev The rows are not signed: whatever is brought proves itself.
    /// @param payment what the borrower signed
    /// @param signer which of the borrower's signers signed
    /// @param signature over the EIP-712 digest of the payment
    /// @param rows the open row and those after it, or the whole table
    function repayBySignature(
        Payment calldata payment,
        bytes calldata signer,
        bytes calldata signature,
        TableRow[] calldata rows
    ) external;

    /// @notice Collects what is due of many loans, each from its borrower's cash by its mandate. Anyone may.
    /// @dev Of each loan it takes exactly what is due by today: charges, interest carried over and every unpaid row due
    /// until now; all of it or nothing. A loan that fails emits CollectionFailed, and the others go on. Reverts
    /// TooManyCollections.
    /// @param loans the loan ids, of loans by a formula
    /// @return collected how many were collected
    function collect(bytes32[] calldata loans) external returns (uint256 collected);

    /// @notice Collects what is due of a loan by a table by its mandate: as above, with the rows as for repay.
    /// @dev Reverts MandateMissing, MandateExceeded, NothingDue, InsufficientCash.
    /// @param loan the loan id
    /// @param rows the open row and those after it, or the whole table
    function collect(bytes32 loan, TableRow[] calldata rows) external;

    /// @notice One collection of many, in a frame of its own so that it may fail alone.
    /// @dev Reverts OnlySelf, and as the collection of one loan.
    /// @param loan the loan id
    function collectOne(bytes32 loan) external;
}
