import { describe, expect, expectTypeOf, test } from "vitest";
import type {
  Flow,
  ScheduleRow,
  ScheduleTerms,
  allInRatePpm,
  derive,
  divide,
  euAprPpm,
  interest,
  levelInstalment,
} from "../../src/schedule";

const sources = import.meta.glob<string>("../../src/schedule/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What would turn an exact integer into a double, or bring a double in. */
const INEXACT = [
  [/\bNumber\(/, "a bigint made a number"],
  [/\bparse(?:Float|Int)\b/, "a text made a number"],
  [/\.toFixed\b|\.toPrecision\b/, "a rounded number"],
  [/\bMath\.(?!floor|min\b)/, "a function of doubles"],
  [/(?<![\w.])\d[\d_]*\.\d/, "a decimal fraction"],
  [/(?<![\w.])\d[\d_]*e-?\d/, "an exponent"],
] as const;

/** The three nibbles of the rounding word are small numbers by then. */
const ALLOWED = "const bits = Number(word);";

function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").replace(/"[^"]*"/g, '""');
}

describe("no floating point comes near the money", () => {
  test("the sources are all here", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(12);
  });

  test.each(Object.entries(sources))("%s", (_, source) => {
    for (const [pattern, what] of INEXACT) {
      const lines = code(source).split("\n");
      const found = lines.filter((line) => pattern.test(line) && line.trim() !== ALLOWED);
      expect(found, what).toEqual([]);
    }
  });
});

test("every amount and rate is a bigint by its type", () => {
  type Amounts<T> = {
    [K in keyof T as K extends `${string}${"Minor" | "Ppm" | "minor"}` ? K : never]: T[K];
  };
  expectTypeOf<Amounts<ScheduleTerms>[keyof Amounts<ScheduleTerms>]>().toEqualTypeOf<bigint>();
  expectTypeOf<Amounts<ScheduleRow>[keyof Amounts<ScheduleRow>]>().toEqualTypeOf<bigint>();
  expectTypeOf<Amounts<Flow>[keyof Amounts<Flow>]>().toEqualTypeOf<bigint>();
  expectTypeOf<
    ReturnType<typeof divide | typeof interest | typeof levelInstalment>
  >().toEqualTypeOf<bigint>();
  expectTypeOf<ReturnType<typeof euAprPpm | typeof allInRatePpm>>().toEqualTypeOf<bigint>();
  expectTypeOf<Parameters<typeof derive>[1]>().toEqualTypeOf<bigint>();
});
