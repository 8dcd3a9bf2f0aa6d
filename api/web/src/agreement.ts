/** The agreement that both sides signed. Its digest is the loan's id, so the id vouches for every word of it. */
import { type Conditions, readConditions } from "./conditions";
import type { Json } from "./json";
import { readTypedData } from "./typed_data";

/** In the order in which they are signed. */
const MEMBERS = {
  borrower: "address",
  lender: "address",
  currency: "address",
  principalMinor: "uint256",
  method: "uint256",
  ratePpm: "uint256",
  periods: "uint256",
  periodUnit: "uint256",
  periodLength: "uint256",
  interestOnlyPeriods: "uint256",
  disbursementDay: "uint256",
  latestOriginationDay: "uint256",
  firstDueDay: "uint256",
  anchorDay: "uint256",
  timeZoneMinutes: "int256",
  dayCount: "uint256",
  rounding: "uint256",
  instalmentMinor: "uint256",
  instalmentMultipleMinor: "uint256",
  upfrontFeeMinor: "uint256",
  aprPpm: "uint256",
  graceDays: "uint256",
  lateFeeMinor: "uint256",
  penaltyRatePpm: "uint256",
  penaltyMaxDays: "uint256",
  waterfall: "uint256",
  coolingOffDays: "uint256",
  productId: "bytes32",
  scoreReport: "bytes32",
  documentHash: "bytes32",
  scheduleRoot: "bytes32",
  salt: "bytes32",
  deadline: "uint256",
} as const;

export interface Agreement extends Conditions {
  /** What was signed, and the id of the loan that it makes. */
  readonly digest: string;
  readonly chainId: number;
  /** The contract that the signatures count for, in small digits. */
  readonly loanBook: string;
}

/** Reads the agreement's typed data; throws {@link UnexpectedAnswer} naming the first part that is wrong. */
export function readAgreement(source: Json): Agreement {
  const { digest, chainId, verifyingContract, message } = readTypedData(
    source,
    "Agreement",
    MEMBERS,
  );
  return { ...readConditions(asFields(message)), digest, chainId, loanBook: verifyingContract };
}

/** The members under the names of the API's own fields; a number too large for a double stays unsafe. */
function asFields(message: Readonly<Record<string, bigint | string>>): Json {
  const fields = Object.entries(message).map(([key, value]) => [
    key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    typeof value === "bigint" ? Number(value) : value,
  ]);
  return Object.fromEntries(fields) as Json;
}
