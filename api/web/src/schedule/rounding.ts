/** The rounding word of an agreement, and division that rounds as it says. */
import { UnsupportedRounding } from "./refusals";

export const RoundingMode = { HALF_UP: 0, HALF_EVEN: 1, UP: 2, DOWN: 3 } as const;
export type RoundingMode = (typeof RoundingMode)[keyof typeof RoundingMode];
/** Which row takes what the other rows leave. */
export const Residue = { LAST: 0, FIRST: 1 } as const;
export type Residue = (typeof Residue)[keyof typeof Residue];
/** Whether the instalment is moved so that the last row differs least. */
export const Levelling = { LEVELLED: 0, EXACT: 1 } as const;
export type Levelling = (typeof Levelling)[keyof typeof Levelling];

export interface Rounding {
  readonly mode: RoundingMode;
  readonly residue: Residue;
  readonly levelling: Levelling;
}

const NIBBLE = 4;
const MODES: readonly RoundingMode[] = [0, 1, 2, 3];
const RESIDUES: readonly Residue[] = [0, 1];
const LEVELLINGS: readonly Levelling[] = [0, 1];

/** Nibbles from the lowest: mode, residue, levelling. Throws {@link UnsupportedRounding}. */
export function readRounding(word: bigint): Rounding {
  if (word < 0n || word >= 1n << BigInt(3 * NIBBLE)) throw new UnsupportedRounding(word);
  const bits = Number(word);
  const mode = MODES[bits & 15];
  const residue = RESIDUES[(bits >> NIBBLE) & 15];
  const levelling = LEVELLINGS[bits >> (2 * NIBBLE)];
  if (mode === undefined || residue === undefined || levelling === undefined)
    throw new UnsupportedRounding(word);
  return { mode, residue, levelling };
}

function roundsUp(quotient: bigint, rest: bigint, denominator: bigint, mode: RoundingMode) {
  if (rest === 0n || mode === RoundingMode.DOWN) return false;
  if (mode === RoundingMode.UP) return true;
  const twice = 2n * rest;
  if (twice !== denominator) return twice > denominator;
  return mode === RoundingMode.HALF_UP || quotient % 2n === 1n;
}

/**
 * numerator / denominator as an integer; the denominator is positive. The rule is about magnitudes:
 * a negative numerator (only levelling has them) gives the negative of what its magnitude gives.
 */
export function divide(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (numerator < 0n) return -divide(-numerator, denominator, mode);
  const quotient = numerator / denominator;
  const rest = numerator - quotient * denominator;
  return roundsUp(quotient, rest, denominator, mode) ? quotient + 1n : quotient;
}

/** numerator / denominator to a multiple. */
export function toMultiple(
  numerator: bigint,
  denominator: bigint,
  multiple: bigint,
  mode: RoundingMode,
): bigint {
  return multiple * divide(numerator, denominator * multiple, mode);
}
