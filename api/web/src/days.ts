/**
 * Days since 1970-01-01 in the product's own calendar. A day is a number on that calendar, not an
 * instant: it is shown the same wherever the phone happens to be, hence UTC throughout.
 */
import type { Language } from "./words";

const MS_PER_DAY = 86_400_000;

const FORMATS = {
  full: {
    zh: new Intl.DateTimeFormat("zh-CN", { dateStyle: "long", timeZone: "UTC" }),
    en: new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }),
  },
  short: {
    zh: new Intl.DateTimeFormat("zh-CN", { dateStyle: "short", timeZone: "UTC" }),
    en: new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }),
  },
  withoutYear: {
    zh: new Intl.DateTimeFormat("zh-CN", { day: "numeric", month: "short", timeZone: "UTC" }),
    en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
  },
} as const;

export type DayStyle = keyof typeof FORMATS;

function instantOf(day: number): Date {
  return new Date(day * MS_PER_DAY);
}

/** 20000 -> "2024-10-04". */
export function isoDay(day: number): string {
  return instantOf(day).toISOString().slice(0, 10);
}

/** A calendar day in the reader's language. */
export function formatDay(day: number, language: Language, style: DayStyle): string {
  return FORMATS[style][language].format(instantOf(day));
}
