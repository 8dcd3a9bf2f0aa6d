import { expect, test } from "vitest";
import { DayCount, anchoredDay, civil, dayOfIso, monthLength, yearShare } from "../../src/schedule";
import { tallystick } from "./golden";

const counts = tallystick.day_counts as [DayCount, number, number, number][];

test.each(Object.entries(DayCount).filter(([, dayCount]) => dayCount !== DayCount.MONTHS_360))(
  "%s counts as in the golden file",
  (_, dayCount) => {
    const mine = counts.filter(([counted]) => counted === dayCount);
    expect(mine.length).toBeGreaterThan(50);
    for (const [, start, end, share] of mine)
      expect([start, end, yearShare(dayCount, start, end)]).toEqual([start, end, share]);
  },
);

test("a day is the date that the platform says, over four centuries", () => {
  for (let day = 0; day < 150_000; day += 17) {
    const { year, monthIndex, date } = civil(day);
    const platform = new Date(day * 86_400_000);
    expect([year, (monthIndex % 12) + 1, date]).toEqual([
      platform.getUTCFullYear(),
      platform.getUTCMonth() + 1,
      platform.getUTCDate(),
    ]);
    expect(anchoredDay(monthIndex, date)).toBe(day);
  }
});

test.each([
  ["2026-02", 28],
  ["2028-02", 29],
  ["2100-02", 28],
  ["2000-02", 29],
  ["2026-12", 31],
])("%s has %s days", (month, days) => {
  const { monthIndex } = civil(dayOfIso(`${month}-01`));
  expect(monthLength(monthIndex)).toBe(days);
  expect(anchoredDay(monthIndex, 31)).toBe(dayOfIso(`${month}-${days}`));
});
