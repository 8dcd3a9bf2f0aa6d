import golden from "../../../tests/golden/loan_page.json";
import { type Loan, readLoan } from "../src/loan";

export { golden };

/** The golden loan: five rows paid, the sixth paid in part and twelve days overdue. */
export function goldenLoan(): Loan {
  return readLoan(golden, golden.loan);
}

/** The golden loan on another day. */
export function goldenLoanOn(todayDay: number): Loan {
  return { ...goldenLoan(), todayDay };
}
