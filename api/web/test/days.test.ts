import { expect, test } from "vitest";
import { formatDay, isoDay } from "../src/days";

test.each([
  [0, "1970-01-01"],
  [11_016, "2000-02-29"],
  [20_148, "2025-03-01"],
  [20_712, "2026-09-16"],
  [-1, "1969-12-31"],
])("day %s is %s", (day, expected) => {
  expect(isoDay(day)).toBe(expected);
});

test("a day reads in both languages", () => {
  expect(formatDay(20_712, "zh", "full")).toBe("2026年9月16日");
  expect(formatDay(20_712, "en", "full")).toBe("16 September 2026");
  expect(formatDay(20_712, "zh", "withoutYear")).toBe("9月16日");
});

test("a day is the same wherever the phone is", () => {
  const zones = ["Pacific/Kiritimati", "Asia/Shanghai", "UTC", "Pacific/Pago_Pago"];
  const env = (globalThis as unknown as { process: { env: Record<string, string> } }).process.env;
  const before = env["TZ"] ?? "UTC";
  const read = zones.map((zone) => {
    env["TZ"] = zone;
    return [new Date(0).getHours(), isoDay(20_712), formatDay(20_712, "en", "full")] as const;
  });
  env["TZ"] = before;
  expect(new Set(read.map(([hour]) => hour)).size).toBeGreaterThan(1);
  expect(new Set(read.map(([, iso]) => iso))).toEqual(new Set(["2026-09-16"]));
  expect(new Set(read.map(([, , full]) => full))).toEqual(new Set(["16 September 2026"]));
});
