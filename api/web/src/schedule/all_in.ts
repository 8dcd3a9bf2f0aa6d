/** What a loan costs a year, all charges included, on the principal that the borrower really has. */
import { RateUndefined } from "./apr";
import { RoundingMode, divide } from "./rounding";
import type { ScheduleRow } from "./row";
import type { ScheduleTerms } from "./terms";

const YEAR_DAYS = 365n;
const PPM = 1_000_000n;

/**
 * All charges over the principal in use and the days it was, in ppm a year, rounded half up.
 *
 * People's Bank of China, announcement [2021] No. 3: the annualised rate is the ratio of all charges to
 * the principal actually in use, here by the simple method (单利). A fee withheld from the disbursement is
 * a charge and never was in use. Throws {@link RateUndefined} when nothing is in use.
 */
export function allInRatePpm(
  terms: ScheduleTerms,
  rows: readonly ScheduleRow[],
  upfrontFeeMinor: bigint,
): bigint {
  let [charges, inUse] = [upfrontFeeMinor, 0n];
  let [balance, previousDay] = [terms.principalMinor - upfrontFeeMinor, terms.disbursementDay];
  for (const row of rows) {
    if (balance > 0n) inUse += balance * BigInt(row.dueDay - previousDay);
    charges += row.interestMinor;
    balance -= row.principalMinor;
    previousDay = row.dueDay;
  }
  if (inUse === 0n) throw new RateUndefined("nothingInUse");
  return divide(charges * YEAR_DAYS * PPM, inUse, RoundingMode.HALF_UP);
}
