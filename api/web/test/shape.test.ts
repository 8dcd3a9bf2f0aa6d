import { expect, test } from "vitest";
import { DayCount, Method, PeriodUnit } from "../src/schedule";
import { DAY_COUNT_WORDS, METHOD_WORDS, rhythmOf } from "../src/shape";
import { CATALOGUES, countedKey, fill } from "../src/words";
import { goldenLoan } from "./golden";

const { MONTH, DAY } = PeriodUnit;
const { terms } = goldenLoan();

test.each([
  [MONTH, 1, "Every month", "每月"],
  [MONTH, 3, "Every 3 months", "每 3 个月"],
  [MONTH, 12, "Every year", "每年"],
  [MONTH, 24, "Every 2 years", "每 2 年"],
  [MONTH, 18, "Every 18 months", "每 18 个月"],
  [DAY, 1, "Every day", "每天"],
  [DAY, 7, "Every week", "每周"],
  [DAY, 14, "Every 2 weeks", "每 2 周"],
  [DAY, 10, "Every 10 days", "每 10 天"],
] as const)("unit %s, length %s is %s, %s", (periodUnit, periodLength, english, chinese) => {
  const rhythm = rhythmOf({ ...terms, periodUnit, periodLength });
  if (!("stem" in rhythm)) throw new Error("a rhythm without a count");
  const key = countedKey(rhythm.stem, rhythm.n);
  expect(fill(CATALOGUES.en[key], { n: rhythm.n })).toBe(english);
  expect(fill(CATALOGUES.zh[key], { n: rhythm.n })).toBe(chinese);
});

test("a single payment and a table have no rhythm", () => {
  expect(rhythmOf({ ...terms, method: Method.BULLET })).toEqual({ key: "onceAtTheEnd" });
  expect(rhythmOf({ ...terms, method: Method.CUSTOM_FLAT })).toEqual({ key: "onAgreedDays" });
});

test("every method and day count has its words", () => {
  for (const method of Object.values(Method))
    expect(CATALOGUES.en).toHaveProperty(METHOD_WORDS[method]);
  for (const dayCount of Object.values(DayCount))
    expect(CATALOGUES.zh).toHaveProperty(DAY_COUNT_WORDS[dayCount]);
});
