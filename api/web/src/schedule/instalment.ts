/** The instalment that makes the last row differ least from the others. */
import { yearDenominator } from "./day_count";
import { walk } from "./derive";
import { type Period, periodsOf } from "./periods";
import { Levelling, type Rounding, divide, toMultiple } from "./rounding";
import { rowTotalMinor } from "./row";
import { Method, type ScheduleTerms, hasInstalment, requireTerms, roundingOf } from "./terms";

const LEVELLING_PASSES = 3;

/**
 * The instalment in minor units, 0 where the method has none. Throws a ScheduleRefused.
 *
 * Apache Fineract's rule (ProgressiveEMICalculator) over the rows after an interest-only start: the
 * exact annuity P * prod(1 + f) / sum of products, rounded to the multiple; then up to three passes add
 * difference / rows while the last row's difference exceeds floor(rows / 2) and the pass makes it smaller.
 */
export function levelInstalment(terms: ScheduleTerms): bigint {
  requireTerms(terms, null);
  if (!hasInstalment(terms.method)) return 0n;
  const rounding = roundingOf(terms);
  const periods = periodsOf(terms);
  const level = leveller(terms, periods, rounding);
  const exact = level.rounded(...exactInstalment(terms, periods, rounding));
  const levelled =
    terms.method !== Method.EQUAL_PRINCIPAL && rounding.levelling === Levelling.LEVELLED;
  return levelled ? level.passes(exact) : exact;
}

type Fraction = readonly [numerator: bigint, denominator: bigint];

function exactInstalment(
  terms: ScheduleTerms,
  periods: readonly Period[],
  { mode }: Rounding,
): Fraction {
  const rows = periods.slice(terms.interestOnlyPeriods);
  const year = yearDenominator(terms.dayCount);
  const { principalMinor, ratePpm } = terms;
  if (terms.method === Method.ANNUITY) return annuity(principalMinor, ratePpm, year, rows);
  if (terms.method === Method.EQUAL_PRINCIPAL) return [principalMinor, BigInt(rows.length)];
  const charged = rows.map(({ share }) => divide(principalMinor * ratePpm * share, year, mode));
  return [charged.reduce((sum, each) => sum + each, principalMinor), BigInt(rows.length)];
}

/** P * prod(1 + f) / (1 + sum over later rows of the products from there on), f = rate * N / D. */
function annuity(
  principalMinor: bigint,
  ratePpm: bigint,
  year: bigint,
  rows: readonly Period[],
): Fraction {
  let product = 1n;
  let annuities = 0n;
  let power = 1n;
  for (const { share } of rows) {
    const growth = year + ratePpm * share;
    annuities = power + annuities * growth;
    product *= growth;
    power *= year;
  }
  return [principalMinor * product, annuities * year];
}

function leveller(terms: ScheduleTerms, periods: readonly Period[], { mode }: Rounding) {
  const rows = BigInt(terms.periods - terms.interestOnlyPeriods);
  const multiple = terms.multipleMinor;

  function rounded(numerator: bigint, denominator: bigint): bigint {
    const nearest = toMultiple(numerator, denominator, multiple, mode);
    return nearest > multiple ? nearest : multiple;
  }

  function lastDifference(instalmentMinor: bigint): bigint {
    let total = 0n;
    for (const { row } of walk(terms, instalmentMinor, periods)) total = rowTotalMinor(row);
    return total - instalmentMinor;
  }

  function passes(exact: bigint): bigint {
    let [best, difference] = [exact, lastDifference(exact)];
    for (let pass = 0; pass < LEVELLING_PASSES && magnitude(difference) > rows / 2n; pass += 1) {
      const candidate = rounded(best + divide(difference, rows, mode), 1n);
      const left = lastDifference(candidate);
      if (magnitude(left) >= magnitude(difference)) break;
      [best, difference] = [candidate, left];
    }
    return best;
  }

  return { rounded, passes };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
