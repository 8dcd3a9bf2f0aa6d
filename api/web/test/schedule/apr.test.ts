import { describe, expect, test } from "vitest";
import {
  type Flow,
  RateUndefined,
  type ScheduleRow,
  type ScheduleTerms,
  TICKS_A_YEAR,
  allInRatePpm,
  euAprPpm,
  scheduleAprPpm,
} from "../../src/schedule";
import { euAdvances, euApr, euPayments, rowsOf, tallystick, termsOf } from "./golden";

const YEAR = TICKS_A_YEAR;
const at = (years: number, minor: bigint): Flow => ({ ticks: Math.round(years * YEAR), minor });

type Rate = (terms: ScheduleTerms, rows: readonly ScheduleRow[], feeMinor: bigint) => bigint;

function orNull(rate: Rate, golden: (typeof tallystick.cases)[number]): bigint | null {
  try {
    return rate(termsOf(golden.terms), rowsOf(golden.rows), BigInt(golden.upfront_fee_minor));
  } catch (error) {
    if (error instanceof RateUndefined) return null;
    throw error;
  }
}

const exactly = (ppm: number | null) => (ppm === null ? null : BigInt(ppm));

test.each(euApr.cases)("the Commission's example $id", (golden) => {
  const ppm = euAprPpm(euAdvances(golden), euPayments(golden));
  expect(ppm).toBe(BigInt(Math.round(Number(golden.apr_percent) * 10_000)));
  expect(Math.abs(Number(ppm) / 10_000 - Number(golden.published_percent))).toBeLessThanOrEqual(
    0.05,
  );
});

test.each(tallystick.cases)("both prices of $id", (golden) => {
  expect(orNull(scheduleAprPpm, golden)).toBe(exactly(golden.apr_ppm));
  expect(orNull(allInRatePpm, golden)).toBe(exactly(golden.all_in_ppm));
});

describe("a rate that there is exactly", () => {
  test.each([
    [100n, 100n, 0n],
    [100n, 110n, 100_000n],
    [1_000_000n, 1_000_001n, 1n],
    [2_000_000n, 2_000_001n, 1n],
    [2_000_000n, 2_000_003n, 2n],
    [4_000_000n, 4_000_001n, 0n],
    [2_000_000n, 1_999_999n, -1n],
    [1n, 1_000_000n, 999_999_000_000n],
    [1_000_000n, 2n, -999_998n],
  ])("%s now for %s in a year is %s ppm, a half rounded away from zero", (lent, paid, ppm) => {
    expect(euAprPpm([at(0, lent)], [at(1, paid)])).toBe(ppm);
  });

  test("does not depend on how often it is paid", () => {
    const payments = Array.from({ length: 480 }, (_, month) => at((month + 1) / 12, 5n));
    expect(euAprPpm([at(0, 2_400n)], payments)).toBe(0n);
  });
});

test.each([
  ["no payment", [at(0, 100n)], [], "oneSided"],
  ["no advance", [], [at(1, 100n)], "oneSided"],
  ["both at once", [at(0, 100n)], [at(0, 100n)], "oneSided"],
  ["advances that alternate with payments", [at(0, 100n), at(2, 132n)], [at(1, 230n)], "several"],
  ["a millionfold in a day", [at(0, 1n)], [at(1 / 365, 1_000_000n)], "beyond"],
  ["nothing left in a day", [at(0, 10n ** 9n)], [at(1 / 365, 1n)], "beyond"],
] as const)("%s has no rate and says why", (_, advances, payments, reason) => {
  expect(() => euAprPpm(advances, payments)).toThrow(new RateUndefined(reason));
});

test("a fee that takes the whole principal leaves nothing in use", () => {
  const [golden] = tallystick.cases;
  if (!golden) throw new Error("no case");
  const [terms, rows] = [termsOf(golden.terms), rowsOf(golden.rows)];
  expect(() => allInRatePpm(terms, rows, terms.principalMinor)).toThrow(
    new RateUndefined("nothingInUse"),
  );
  expect(() => scheduleAprPpm(terms, rows, terms.principalMinor)).toThrow(
    new RateUndefined("oneSided"),
  );
});
