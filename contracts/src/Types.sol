// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The signed terms of a loan. Its EIP-712 digest under the LoanBook's domain is the loan id.
/// Every field is one 32-byte word. Amounts are minor units of `currency`, rates parts per million a year,
/// days are days since 1970-01-01 in the time zone of the loan, instants are UTC seconds.
struct Agreement {
    address borrower; // subject of the IdentityRegistry
    address lender; // institution that answers ERC-1271
    address currency;
    uint256 principalMinor;
    uint256 method; // 0 annuity, 1 equal principal, 2 interest only, 3 bullet, 4 flat, 5 table, 6 flat table
    uint256 ratePpm;
    uint256 periods; // 1..480, the number of rows
    uint256 periodUnit; // 0 month, 1 day
    uint256 periodLength; // units between due days; 0 for a table
    uint256 interestOnlyPeriods; // first rows that pay interest only
    uint256 disbursementDay; // interest runs from here
    uint256 latestOriginationDay; // at most three days after disbursementDay, before firstDueDay
    uint256 firstDueDay;
    uint256 anchorDay; // due on min(anchorDay, length of the month); 0 where months do not count
    int256 timeZoneMinutes; // offset from UTC that defines the loan's days
    uint256 dayCount; // 0 ACT/365F, 1 ACT/360, 2 30E/360, 3 30/360 US, 4 ACT/ACT ISDA, 5 months and days/360
    uint256 rounding; // nibbles from the lowest: mode (half up, half even, up, down), residue, levelling
    uint256 instalmentMinor; // of principal alone with equal principal; 0 where rows are not level
    uint256 instalmentMultipleMinor;
    uint256 upfrontFeeMinor; // withheld from the disbursement, kept by the lender
    uint256 aprPpm; // as disclosed; checked by the phone and the audit
    uint256 graceDays;
    uint256 lateFeeMinor; // once a row, after the grace
    uint256 penaltyRatePpm;
    uint256 penaltyMaxDays; // a row's penalty stops growing after so many days: the cap
    uint256 waterfall; // nibbles, first paid first: 1 late fee, 2 penalty, 3 interest, 4 principal
    uint256 coolingOffDays;
    bytes32 productId;
    bytes32 scoreReport; // uid in the CreditRegistry
    bytes32 documentHash; // salted hash of the document shown to the borrower
    bytes32 scheduleRoot;
    bytes32 salt;
    uint256 deadline;
}

/// @notice A borrower's order to pay `amountMinor` from the cash of the loan's borrower.
struct Payment {
    bytes32 loan;
    uint256 amountMinor;
    uint256 nonce; // per loan, out of order within a window of 32
    uint256 deadline;
}

/// @notice A borrower's order to settle a loan early, at whatever the payoff of the day is up to a maximum.
struct Settlement {
    bytes32 loan;
    uint256 maxAmountMinor;
    uint256 nonce; // of the loan, as a Payment's
    uint256 deadline;
}

/// @notice A borrower's withdrawal from a loan within its cooling-off days, paying back at most so much.
struct Cancellation {
    bytes32 loan;
    uint256 maxAmountMinor;
    uint256 nonce; // of the loan, as a Payment's
    uint256 deadline;
}

/// @notice A borrower's standing permission to collect what is due on a loan from its cash.
struct Mandate {
    bytes32 loan;
    uint256 maxAmountMinor; // the most that one collection may take; 0 withdraws the permission
    uint256 lastDay; // in the loan's time zone
    uint256 nonce; // of the loan, as a Payment's
    uint256 deadline;
}

/// @notice New terms for what is left of a loan, signed by borrower and lender.
/// Of interest and charges owed on the day from which the new terms run, a part joins the principal, a part is
/// waived, and the rest stays owed as it is.
struct Amendment {
    bytes32 loan;
    uint256 sequence; // one more than the loan's amendments so far
    uint256 reason; // 0 other, 1 hardship holiday, 2 re-age, 3 rate cut, 4 refinance
    uint256 capitalisedMinor;
    uint256 waivedMinor;
    uint256 topUpMinor; // new money
    Agreement terms; // its principal is the one outstanding with the capitalised part and the new money
}

/// @notice A subject's order to add a signer, to remove one, or to replace one by another.
struct SignerChange {
    address subject;
    bytes addedSigner; // empty: none
    bytes removedSigner; // empty: none
    uint256 nonce; // of the subject's signer changes
    uint256 deadline;
}

/// @notice A subject's objection to a change of its signers that has been announced.
struct Veto {
    address subject;
    bytes32 change; // the change's id
    uint256 deadline;
}

/// @notice What another lender says about a subject's loans with it.
struct Attestation {
    address subject;
    address furnisher; // institution that answers ERC-1271
    bytes32 kind; // what the figures cover, for example keccak256("consumer-instalment")
    uint256 loansPaid; // in full
    uint256 loansLate; // at any time more than 29 days
    uint256 worstBucket; // 0 never late, 1 1-29, 2 30-59, 3 60-89, 4 90 or more days past due
    uint256 writtenOffMinor;
    uint256 outstandingMinor;
    uint256 observedAt;
    uint256 expiresAt;
    bytes32 consentId;
    bytes32 salt;
}

/// @notice A subject's objection to what another lender said.
struct Dispute {
    address subject;
    bytes32 attestation; // its uid
    bytes32 reason; // salted hash
    uint256 deadline;
}

/// @notice A lender's withdrawal of what it said about a subject.
struct Retraction {
    bytes32 attestation; // its uid
    bytes32 reason; // salted hash
    uint256 deadline;
}

/// @notice A promise to bear a loan's loss up to a maximum. It binds the agreement by its salt and parties.
struct Guarantee {
    address guarantor; // subject or institution whose cash covers it
    uint256 kind; // 0 guarantor, 1 insurer
    address borrower;
    address lender;
    bytes32 agreementSalt;
    uint256 maxMinor;
    uint256 premiumMinor; // paid by the lender when the cover begins
    uint256 lastDay; // UTC day after which it cannot be called
    bytes32 salt;
    uint256 deadline;
}

/// @notice A lender's order to let a guarantor go.
struct Release {
    bytes32 guarantee; // its id
    uint256 deadline;
}

/// @notice Proof by a signer that it wants to speak for a subject.
struct Registration {
    address subject;
    bytes signer;
    uint256 deadline;
}

/// @notice A subject's order to pay its cash out to its bank account.
struct Redemption {
    address subject;
    uint256 amountMinor;
    bytes32 entry; // keyed hash of the bank's payout reference
    uint256 deadline;
}

/// @notice What a quorum of oracle signers says about a subject. Its EIP-712 digest is the report's uid.
struct ScoreReport {
    address subject;
    uint256 score;
    uint256 limitMinor; // 0 means declined
    uint256 issuedAt;
    uint256 expiresAt;
    uint256 sequence; // exactly one more than the subject's last
    uint256 blockNumber; // the ledger as the signers read it
    bytes32 blockHash;
    bytes32 signerSet;
    bytes32 modelHash;
    bytes32 policyHash;
    bytes32 featuresCommitment;
    bytes32 reasonsCommitment;
    bytes32 consentId;
}

/// @notice What the contract itself caps for a product, whatever both sides sign. One storage slot: see ProductPacking.
struct ProductCaps {
    uint256 maxRatePpm;
    uint256 maxUpfrontFeePpm; // of the principal
    uint256 maxPenaltyRatePpm;
    uint256 maxPenaltyDays;
    uint256 maxLateFeeMinor;
    uint256 maxTotalCostPpm; // interest and upfront fee, of the principal
    uint256 maxPeriods;
    uint256 maxPrincipalMinor;
    uint256 minKycLevel;
    bool active;
    uint256 methods; // a bit for each method offered
    uint256 maxTermDays; // from the disbursement to the last due day
}

/// @notice A row of a table loan with the proof that it is in the signed schedule.
struct TableRow {
    uint256 word; // dueDay << 224 | principalMinor << 112 | interestMinor
    bytes32[] proof; // siblings from the leaf up, none where a node moved up alone or the table is whole
}

// solhint-disable gas-struct-packing
/// @notice The state of a loan as last touched. It is never stored.
struct LoanView {
    uint256 status; // 0 none, 1 active, 2 closed, 3 cancelled, 4 defaulted, 5 written off, 6 unwound
    address borrower;
    address lender;
    uint256 principalMinor;
    uint256 ratePpm;
    uint256 periods;
    uint256 row; // rows fully paid
    uint256 balanceMinor; // scheduled balance at the start of the row
    uint256 paidRowMinor;
    uint256 lateFeeDueMinor;
    uint256 penaltyDueMinor;
    uint256 bucket; // 0 current, 1 up to 29, 2 30-59, 3 60-89, 4 90 or more days late; 0 within the grace
    bool wasLate; // at any time beyond its grace
    uint256 accruedDay; // up to which charges are in
    uint256 nextDueDay; // of the oldest unpaid row, 0 when none is left
    uint256 outstandingPrincipalMinor;
    uint256 nonceBase;
    uint256 nonceWindow;
    uint256 carriedInterestMinor; // owed since before an amendment, without interest of its own
    uint256 impairedMinor; // of the principal, not expected back
    uint256 coveredMinor; // of the principal, paid by guarantees and not recovered by them yet
    uint256 writtenOffMinor; // of the principal, the lender's loss not recovered yet
    uint256 amendments;
    uint256 mandateMaxMinor; // the most that one collection may take, 0 without a mandate
    uint256 mandateLastDay;
}
// solhint-enable gas-struct-packing

/// @notice What settles a loan on a day, minor units: principal, interest, late fee and penalty without the rebate.
struct Payoff {
    uint256 principalMinor; // all that is outstanding
    uint256 interestMinor; // earned by the day and unpaid, and what is carried over from before an amendment
    uint256 rebateMinor; // of interest paid ahead and not earned by the day; at most the principal
    uint256 lateFeeMinor;
    uint256 penaltyMinor;
    uint256 totalMinor;
}

/// @notice When the clocks of all loans stood still, UTC seconds.
struct Stop {
    uint256 fromAt;
    uint256 untilAt; // no longer
}

/// @notice What a lender has lent in all, and what became of it. Principal, minor units.
struct Position {
    uint256 outstandingMinor;
    uint256 impairedMinor; // of the outstanding, not expected back
    uint256 lostMinor; // written off, in all
    uint256 recoveredMinor; // of the written off, paid after all
}

/// @notice Refused because the signed deadline, in UTC seconds, has passed.
error DeadlinePassed(uint256 deadline, uint256 nowAt);
/// @notice Refused because the signature does not speak for the party.
error InvalidSignature(address party);
