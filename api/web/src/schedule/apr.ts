/**
 * The annual percentage rate of charge by Annex I of Directive 2008/48/EC (same equation in
 * (EU) 2023/2225): the X that makes the sum of advances / (1 + X)^t equal the sum of
 * payments / (1 + X)^t, t in years.
 */
import { FRACTION_BITS, LN_10, ONE, exp, multiply, ratio } from "./fixed";
import { TICKS_A_YEAR, intervals } from "./intervals";
import { type ScheduleRow, rowTotalMinor } from "./row";
import type { ScheduleTerms } from "./terms";

export type NoRate = "oneSided" | "several" | "beyond" | "nothingInUse";

/** The flows have no rate, or more than one; `reason` says which. */
export class RateUndefined extends Error {
  constructor(readonly reason: NoRate) {
    super(reason);
    this.name = "RateUndefined";
  }
}

/** Money at a time: so many ticks after the first advance. */
export interface Flow {
  readonly ticks: number;
  readonly minor: bigint;
}

const PPM = 1_000_000n;
/** Bounds of ln(1 + X) are this many times ln 10 on either side. */
const MOST_DECADES = 6n;
/** Of ln(1 + X). */
const TOLERANCE = ONE >> 100n;
/** A rate this near (in ppm) to a half is that half: a bullet of a year may have such a rate exactly. */
const HALF_SLACK = ONE / 1_000_000_000n;
/** Every so many steps the bracket is halved, whatever Newton's method says. */
const HALVE_EVERY = 3;

/** The APR, ppm, of a schedule whose fee is withheld from the disbursement. Throws {@link RateUndefined}. */
export function scheduleAprPpm(
  terms: ScheduleTerms,
  rows: readonly ScheduleRow[],
  upfrontFeeMinor: bigint,
): bigint {
  const times = intervals(terms, rows);
  const payments = rows.map((row, index) => ({
    ticks: times[index] ?? 0,
    minor: rowTotalMinor(row),
  }));
  return euAprPpm([{ ticks: 0, minor: terms.principalMinor - upfrontFeeMinor }], payments);
}

/** The annual effective rate, ppm, rounded half up. Throws {@link RateUndefined}. */
export function euAprPpm(advances: readonly Flow[], payments: readonly Flow[]): bigint {
  const steps = netted(advances, payments);
  requireOneRate(steps.map(({ minor }) => minor));
  const rate = (exp(growthOf(steps)) - ONE) * PPM;
  const half = ONE / 2n + HALF_SLACK;
  return rate >= 0n ? (rate + half) >> FRACTION_BITS : -((half - rate) >> FRACTION_BITS);
}

/** An amount, positive where it is paid, and the years since the one before it. */
interface Step {
  readonly sinceTicks: number;
  readonly minor: bigint;
}

function netted(advances: readonly Flow[], payments: readonly Flow[]): Step[] {
  const sums = new Map<number, bigint>();
  for (const { ticks, minor } of payments) sums.set(ticks, (sums.get(ticks) ?? 0n) + minor);
  for (const { ticks, minor } of advances) sums.set(ticks, (sums.get(ticks) ?? 0n) - minor);
  const net = [...sums].filter(([, minor]) => minor !== 0n).sort(([one], [other]) => one - other);
  return net.map(([ticks, minor], at) => ({
    sinceTicks: ticks - (net[at - 1]?.[0] ?? ticks),
    minor,
  }));
}

/** One change of sign in the flows (Descartes), or in their running sum (Norstrom), means one rate. */
function requireOneRate(amounts: readonly bigint[]): void {
  if (signChanges(amounts) === 0) throw new RateUndefined("oneSided");
  let total = 0n;
  const running = amounts.map((minor) => (total += minor)).filter((sum) => sum !== 0n);
  if (signChanges(amounts) > 1 && signChanges(running) !== 1) throw new RateUndefined("several");
}

function signChanges(amounts: readonly bigint[]): number {
  return amounts.filter((minor, at) => at > 0 && minor > 0n !== (amounts[at - 1] ?? 0n) > 0n)
    .length;
}

/**
 * ln(1 + X) by Newton's method on a bracket: a step that leaves the bracket, and every third one, halves it
 * instead, so that it always ends.
 */
function growthOf(steps: readonly Step[]): bigint {
  let [low, high] = bracketOf(steps);
  const rises = worth(steps, high).minor > 0n;
  let growth = 0n;
  for (let step = 1; high - low > TOLERANCE; step += 1) {
    const at = worth(steps, growth);
    if (at.minor === 0n) return growth;
    if (at.minor > 0n === rises) high = growth;
    else low = growth;
    const next = at.slope === 0n ? low : growth - ratio(at.minor, at.slope);
    const close = next - growth < TOLERANCE && growth - next < TOLERANCE;
    if (close && changesAround(steps, next)) return next;
    growth = step % HALVE_EVERY === 0 || next <= low || next >= high ? (low + high) / 2n : next;
  }
  return (low + high) / 2n;
}

function bracketOf(steps: readonly Step[]): [low: bigint, high: bigint] {
  const sum = steps.reduce((total, { minor }) => total + minor, 0n);
  if (sum === 0n) return [0n, 0n];
  const far = sum > 0n ? MOST_DECADES * LN_10 : -MOST_DECADES * LN_10;
  if (worth(steps, far).minor > 0n === sum > 0n) throw new RateUndefined("beyond");
  return sum > 0n ? [0n, far] : [far, 0n];
}

function changesAround(steps: readonly Step[], growth: bigint): boolean {
  const [before, after] = [growth - TOLERANCE, growth + TOLERANCE];
  return worth(steps, before).minor > 0n !== worth(steps, after).minor > 0n;
}

/** Payments less advances discounted to the first of them at a growth, and how that changes with it. */
function worth(steps: readonly Step[], growth: bigint): { minor: bigint; slope: bigint } {
  const discounts = new Map<number, bigint>();
  let [minor, slope] = [0n, 0n];
  for (const step of steps.toReversed()) {
    minor += step.minor << FRACTION_BITS;
    if (step.sinceTicks === 0) continue;
    const years = ratio(BigInt(step.sinceTicks), BigInt(TICKS_A_YEAR));
    const discount = discounts.get(step.sinceTicks) ?? exp(multiply(-growth, years));
    discounts.set(step.sinceTicks, discount);
    slope = multiply(slope - multiply(minor, years), discount);
    minor = multiply(minor, discount);
  }
  return { minor, slope };
}
