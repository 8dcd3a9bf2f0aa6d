import { describe, expect, test } from "vitest";
import { CATALOGUES, type Key, countedKey, fill, preferredLanguage } from "../src/words";

const keys = Object.keys(CATALOGUES.en) as Key[];
const placeholders = (message: string) =>
  [...message.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe("the catalogues", () => {
  test("have equal keys", () => {
    expect(Object.keys(CATALOGUES.zh).sort()).toEqual([...keys].sort());
  });

  test.each(keys)("have equal placeholders and words in both languages: %s", (key) => {
    expect(placeholders(CATALOGUES.zh[key])).toEqual(placeholders(CATALOGUES.en[key]));
    expect(CATALOGUES.zh[key].trim()).not.toBe("");
    expect(CATALOGUES.en[key].trim()).not.toBe("");
  });
});

test("placeholders are filled, unknown ones stay visible", () => {
  expect(fill("{a} of {b}, {c}", { a: 1, b: "two" })).toBe("1 of two, {c}");
});

test("one day and more days differ in English only", () => {
  const words = (language: "zh" | "en", n: number) =>
    fill(CATALOGUES[language][countedKey("overdueBy", n)], { n });
  expect(words("en", 1)).toBe("1 day overdue");
  expect(words("en", 12)).toBe("12 days overdue");
  expect(words("zh", 1)).toBe("逾期 1 天");
});

test.each([
  [["zh-TW", "en"], "zh"],
  [["de-DE", "en-GB", "zh"], "en"],
  [["fr", "zh-CN"], "zh"],
  [["fr"], "en"],
  [[], "en"],
])("of %s the page speaks %s", (wanted, spoken) => {
  expect(preferredLanguage(wanted)).toBe(spoken);
});
