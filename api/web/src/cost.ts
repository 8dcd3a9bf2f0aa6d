/** The whole cost of a loan paid as agreed, and what lateness added to it. */
import type { Loan } from "./loan";

export interface WholeCost {
  readonly receivedMinor: bigint;
  readonly interestMinor: bigint;
  readonly feeMinor: bigint;
  /** Interest and fee together: what the borrower pays beyond what arrived. */
  readonly costMinor: bigint;
  /** All instalments; the fee was withheld at payout and is not paid again. */
  readonly totalMinor: bigint;
  readonly chargesPaidMinor: bigint;
}

export function wholeCost(loan: Loan): WholeCost {
  const interestMinor = loan.rows.reduce((sum, row) => sum + row.interestMinor, 0n);
  return {
    receivedMinor: loan.disbursedMinor,
    interestMinor,
    feeMinor: loan.upfrontFeeMinor,
    costMinor: interestMinor + loan.upfrontFeeMinor,
    totalMinor: loan.rows.reduce((sum, row) => sum + row.dueMinor, 0n),
    chargesPaidMinor: loan.payments.reduce((sum, p) => sum + p.lateFeeMinor + p.penaltyMinor, 0n),
  };
}
