/** Geometry of the two pictures: bars for the schedule, a ring of notches for the progress. */
import type { Row } from "./loan";

export const PICTURE_HEIGHT = 150;
export const PICTURE_WIDTH = 340;
/** Below this distance between bars the picture grows wider and scrolls instead. */
export const MIN_PITCH = 9;

/** The bars of few rows do not grow into walls. */
export const MAX_BAR_WIDTH = 64;

const GAP_SHARE = 0.28;
const MAX_GAP = 8;
const PART_GAP = 2;
const MIN_PART = 1.5;

/** A mark drawn for a bar this wide or wider keeps its size; over a narrower bar it shrinks. */
const MARK_WIDTH = 10;

export interface Span {
  readonly y: number;
  readonly height: number;
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly principal: Span;
  readonly interest: Span;
  /** The share of the row already paid, from the foot of the bar. */
  readonly paid: Span;
}

/** Width of a picture of so many bars. */
export function pictureWidth(count: number): number {
  return Math.max(PICTURE_WIDTH, count * MIN_PITCH);
}

/** How much a mark over the bar shrinks so as not to touch its neighbours. */
export function markScale(bar: Bar): number {
  return Math.min(1, bar.width / MARK_WIDTH);
}

/** One bar a row: principal at the foot, interest on top of it, the tallest row filling the height. */
export function bars(rows: readonly Row[]): Bar[] {
  const tallest = rows.reduce((most, row) => (row.dueMinor > most ? row.dueMinor : most), 1n);
  const pitch = pictureWidth(rows.length) / Math.max(rows.length, 1);
  const width = Math.min(pitch - Math.min(pitch * GAP_SHARE, MAX_GAP), MAX_BAR_WIDTH);
  const heightOf = (minor: bigint) => (Number(minor) / Number(tallest)) * PICTURE_HEIGHT;
  const partHeight = (minor: bigint, less: number) =>
    minor > 0n ? Math.max(heightOf(minor) + less, MIN_PART) : 0;
  return rows.map((row, index) => {
    const principal = partHeight(row.principalMinor, -PART_GAP);
    const interest = partHeight(row.interestMinor, 0);
    const ground = PICTURE_HEIGHT - (principal > 0 ? principal + PART_GAP : 0);
    const paid = heightOf(row.paidMinor);
    return {
      x: index * pitch + (pitch - width) / 2,
      width,
      principal: { y: PICTURE_HEIGHT - principal, height: principal },
      interest: { y: ground - interest, height: interest },
      paid: { y: PICTURE_HEIGHT - paid, height: paid },
    };
  });
}

export const RING_SIZE = 120;
const RING_RADIUS = 50;
const NOTCH_GAP_RADIANS = 0.075;
/** More notches than this run together into a plain arc. */
export const MAX_NOTCHES = 48;

function pointAt(angle: number): string {
  const x = RING_SIZE / 2 + RING_RADIUS * Math.sin(angle);
  const y = RING_SIZE / 2 - RING_RADIUS * Math.cos(angle);
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

/** SVG paths of `count` equal arcs, clockwise from twelve o'clock. */
export function notches(count: number): string[] {
  const step = (2 * Math.PI) / count;
  const gap = count === 1 ? 0.001 : count > MAX_NOTCHES ? 0 : Math.min(NOTCH_GAP_RADIANS, step / 3);
  return Array.from({ length: count }, (_, index) => {
    const from = index * step + gap / 2;
    const to = (index + 1) * step - gap / 2;
    const large = to - from > Math.PI ? 1 : 0;
    return `M${pointAt(from)}A${RING_RADIUS} ${RING_RADIUS} 0 ${large} 1 ${pointAt(to)}`;
  });
}
