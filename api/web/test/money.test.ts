import { describe, expect, test } from "vitest";
import { formatAmount, formatExactRate, formatMoney, formatRate } from "../src/money";

const CNY = { code: "CNY", decimals: 2 };

describe("amounts", () => {
  test.each([
    [0n, 2, "0.00"],
    [5n, 2, "0.05"],
    [99n, 2, "0.99"],
    [100n, 2, "1.00"],
    [99_999n, 2, "999.99"],
    [100_000n, 2, "1,000.00"],
    [123_456_789n, 2, "1,234,567.89"],
    [-123_456n, 2, "−1,234.56"],
    [1_234n, 0, "1,234"],
    [1_234n, 3, "1.234"],
  ])("%s with %s decimals reads %s", (minor, decimals, expected) => {
    expect(formatAmount(minor, decimals)).toBe(expected);
  });

  test("keep every digit beyond what a double holds", () => {
    expect(formatAmount(9_007_199_254_740_993_07n, 2)).toBe("9,007,199,254,740,993.07");
  });

  test("carry the currency's sign in the reader's way, the minus before it", () => {
    expect(formatMoney(123_456n, CNY, "zh")).toBe("¥1,234.56");
    expect(formatMoney(123_456n, CNY, "en")).toBe("CN¥1,234.56");
    expect(formatMoney(-5n, CNY, "zh")).toBe("−¥0.05");
  });

  test("carry the code where no sign is known", () => {
    expect(formatMoney(1n, { code: "XTS", decimals: 0 }, "en")).toBe("XTS 1");
  });
});

describe("rates", () => {
  test.each([
    [0n, "0.00%"],
    [49n, "0.00%"],
    [50n, "0.01%"],
    [144_000n, "14.40%"],
    [188_262n, "18.83%"],
    [10_000_000n, "1,000.00%"],
  ])("%s ppm reads %s", (ppm, expected) => {
    expect(formatRate(ppm)).toBe(expected);
  });

  test("keep their last digit where the last digit matters", () => {
    expect(formatExactRate(188_263n)).toBe("18.8263%");
    expect(formatExactRate(1n)).toBe("0.0001%");
  });
});
