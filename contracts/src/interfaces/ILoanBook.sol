// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, LoanView, Payment, ProductCaps, TableRow} from "../Types.sol";

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
    /// @notice The rows of a table, verified; comes before the LoanOriginated of the same loan.
    event ScheduleTable(bytes32 indexed loan, uint256[] rows);
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
    /// @notice A lender may originate.
    event LenderRegistered(address indexed lender, uint256 lenderId);
    /// @notice The caps of a product changed; loans already signed keep their terms.
    event ProductChanged(bytes32 indexed productId, ProductCaps caps);

    /// @notice The method is not known to this LoanBook, or not of the kind that the function is for.
    error UnsupportedMethod(uint256 method);
    /// @notice The period unit is not known to this LoanBook.
    error UnsupportedPeriodUnit(uint256 periodUnit);
    /// @notice The day count is not known to this LoanBook, or counts months where due days do not.
    error UnsupportedDayCount(uint256 dayCount);
    /// @notice The rounding word names an unknown rule, or one that the method does not have.
    error UnsupportedRounding(uint256 rounding);
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
    /// @notice The lender is not registered here.
    error UnknownLender(address lender);
    /// @notice The lender, or one whose address ends with the same 32 bits, is registered already.
    error LenderAlreadyRegistered(address lender);
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
    /// @notice The order was executed before.
    error NonceUsed(bytes32 loan, uint256 nonce);
    /// @notice The nonce lies beyond the window.
    error NonceTooFar(bytes32 loan, uint256 nonce, uint256 nonceBase);
    /// @notice The bucket has not changed since the last touch.
    error ArrearsUnchanged(bytes32 loan, uint256 bucket);

    /// @notice Begins a loan and pays it out, from both sides' signatures over the agreement's digest.
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

    /// @notice Begins a loan by a table: as above, with the rows that the schedule root stands for.
    /// @dev Reverts UnsupportedMethod for a formula; the form above reverts RowCountMismatch for a table.
    /// @param agreement the terms
    /// @param borrowerSigner which of the subject's signers signed
    /// @param borrowerSignature by that signer
    /// @param lenderSignature what the lender's ERC-1271 accepts
    /// @param rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return loan the loan id
    function originate(
        Agreement calldata agreement,
        bytes calldata borrowerSigner,
        bytes calldata borrowerSignature,
        bytes calldata lenderSignature,
        uint256[] calldata rows
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

    /// @notice Records that a loan has moved to another arrears bucket. Anyone may.
    /// @dev Reverts LoanNotActive, ArrearsUnchanged. Touching a loan never changes what it owes on any day.
    /// @param loan the loan id
    function recordArrears(bytes32 loan) external;

    /// @notice Records arrears of a loan by a table: as above, with the open row, every row past its grace and the one
    /// after them.
    /// @param loan the loan id
    /// @param rows the open row and those after it, or the whole table
    function recordArrears(bytes32 loan, TableRow[] calldata rows) external;

    /// @notice Lets a lender originate here.
    /// @dev Restricted to RISK. Reverts LenderAlreadyRegistered.
    /// @param lender an institution
    function registerLender(address lender) external;

    /// @notice Sets what this contract caps for a product.
    /// @dev Restricted to RISK.
    /// @param productId keccak256 of the product's name
    /// @param caps the caps
    function setProduct(bytes32 productId, ProductCaps calldata caps) external;

    /// @notice The state of a loan as last touched.
    /// @param loanId the loan id
    /// @return view_ all zero when there is no such loan
    function loan(bytes32 loanId) external view returns (LoanView memory view_);

    /// @notice The state of a loan by a table as last touched.
    /// @param loanId the loan id
    /// @param rows the open row, none when all are paid; or the whole table
    /// @return view_ all zero when there is no such loan
    function loan(bytes32 loanId, TableRow[] calldata rows) external view returns (LoanView memory view_);

    /// @notice What a loan would owe on a day if nothing happened until then.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @return totalMinor everything until the last instalment, with charges
    /// @return overdueMinor unpaid rows due before the day, and charges
    /// @return currentDueMinor what is unpaid of the first row due on the day or later
    function owed(
        bytes32 loanId,
        uint256 day
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor);

    /// @notice What a loan by a table would owe on a day if nothing happened until then.
    /// @dev Reverts RowCountMismatch, ScheduleRootMismatch when the rows are not the loan's table.
    /// @param loanId the loan id
    /// @param day days since 1970 in the loan's time zone
    /// @param rows the whole table
    /// @return totalMinor everything until the last instalment, with charges
    /// @return overdueMinor unpaid rows due before the day, and charges
    /// @return currentDueMinor what is unpaid of the first row due on the day or later
    function owed(
        bytes32 loanId,
        uint256 day,
        uint256[] calldata rows
    ) external view returns (uint256 totalMinor, uint256 overdueMinor, uint256 currentDueMinor);

    /// @notice Principal outstanding of a lender over all its loans.
    /// @param lender an institution
    /// @return minor units
    function outstanding(address lender) external view returns (uint256);

    /// @notice Open loans of a subject and the principal reserved for them in the CreditRegistry.
    /// @param subject the person
    /// @return openLoans number
    /// @return reservedMinor sum of principals, each in full until its loan closes
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor);

    /// @notice The schedule of an agreement by a formula.
    /// @dev Reverts UnsupportedMethod for a table.
    /// @param agreement the terms; signatures, window and caps are not looked at
    /// @return rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root keccak256 of the words one after another
    function deriveSchedule(
        Agreement calldata agreement
    ) external view returns (uint256[] memory rows, bytes32 root);

    /// @notice Checks the table of an agreement: days ascend, the principal adds up, and no row asks for more interest
    /// than the agreed rate has accrued by then.
    /// @dev Reverts UnsupportedMethod for a formula.
    /// @param agreement the terms; signatures, window, caps and schedule root are not looked at
    /// @param rows one word each: dueDay << 224 | principalMinor << 112 | interestMinor
    /// @return root their Merkle root
    function verifyTable(
        Agreement calldata agreement,
        uint256[] calldata rows
    ) external view returns (bytes32 root);

    /// @notice The EIP-712 digest of an agreement: the loan id.
    /// @param agreement the terms
    /// @return digest the loan id
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32 digest);

    /// @notice The caps of a product.
    /// @param productId keccak256 of the product's name
    /// @return caps all zero when unknown
    function product(bytes32 productId) external view returns (ProductCaps memory caps);

    /// @notice The id under which a lender's aggregate is kept.
    /// @param lender an institution
    /// @return lenderId 0 when not registered
    function lenderIdOf(address lender) external view returns (uint256 lenderId);
}
