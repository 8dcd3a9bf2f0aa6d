import { describe, expect, test } from "vitest";
import {
  MAX_BAR_WIDTH,
  MIN_PITCH,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  bars,
  markScale,
  notches,
  pictureWidth,
} from "../src/picture";
import { goldenLoan } from "./golden";

const { rows } = goldenLoan();

describe("the bars", () => {
  test("stand side by side inside the picture and never overlap", () => {
    const drawn = bars(rows);
    expect(drawn).toHaveLength(12);
    drawn.forEach((bar, index) => {
      expect(bar.x).toBeGreaterThanOrEqual(0);
      expect(bar.x + bar.width).toBeLessThanOrEqual(drawn[index + 1]?.x ?? PICTURE_WIDTH);
    });
  });

  test("stand on the ground, interest above principal, the tallest as high as the picture", () => {
    for (const bar of bars(rows)) {
      expect(bar.principal.y + bar.principal.height).toBeCloseTo(PICTURE_HEIGHT);
      expect(bar.interest.y + bar.interest.height).toBeLessThan(bar.principal.y);
    }
    expect(Math.min(...bars(rows).map((bar) => bar.interest.y))).toBeCloseTo(0);
  });

  test("show how much of a row is paid", () => {
    const sixth = bars(rows)[5];
    expect(sixth?.paid.height).toBeCloseTo((30_000 / 90_011) * PICTURE_HEIGHT);
    expect(bars(rows)[11]?.paid.height).toBe(0);
  });

  test("keep their distance when there are many, and their marks shrink", () => {
    const many = Array.from({ length: 480 }, (_, at) => ({ ...rows[0]!, nr: at + 1 }));
    expect(pictureWidth(480)).toBe(480 * MIN_PITCH);
    expect(markScale(bars(many)[0]!)).toBeLessThan(1);
    expect(markScale(bars(rows)[0]!)).toBe(1);
  });

  test("of an interest-only row stand on the ground, and that of a single row is no wall", () => {
    const [bar] = bars([{ ...rows[0]!, principalMinor: 0n }]);
    expect(bar?.principal.height).toBe(0);
    expect(bar!.interest.y + bar!.interest.height).toBeCloseTo(PICTURE_HEIGHT);
    expect(bar!.width).toBe(MAX_BAR_WIDTH);
    expect(bar!.x + bar!.width / 2).toBeCloseTo(PICTURE_WIDTH / 2);
  });

  test("without interest draw none, without rows draw nothing", () => {
    expect(bars([{ ...rows[0]!, interestMinor: 0n }])[0]?.interest.height).toBe(0);
    expect(bars([])).toEqual([]);
  });
});

describe("the ring", () => {
  test.each([1, 12, 48, 49, 480])("of %s notches has as many arcs of real numbers", (count) => {
    const arcs = notches(count);
    expect(arcs).toHaveLength(count);
    expect(arcs.join()).not.toMatch(/NaN|Infinity/);
  });

  test("starts at twelve o'clock and goes round", () => {
    expect(notches(480)[0]).toMatch(/^M60\.00 10\.00A/);
    expect(notches(480).at(-1)).toMatch(/60\.00 10\.00$/);
  });

  test("of one instalment is nearly a whole circle", () => {
    expect(notches(1)[0]).toContain(" 0 1 1 ");
  });
});
