/** Money in integer minor units and rates in parts per million, written for people without floats. */

import type { Language } from "./words";

export interface Currency {
  /** ISO 4217 code. */
  readonly code: string;
  /** Digits after the point. */
  readonly decimals: number;
}

const PERCENT_DIGITS = 2;
const EXACT_PERCENT_DIGITS = 4;
/** Parts per million in a hundredth of a percent. */
const PPM_A_STEP = 100n;
const SYMBOLS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  CNY: { zh: "¥", en: "CN¥" },
};

/** Digits grouped by three, `decimals` of them after the point: 123456n, 2 -> "1,234.56". */
export function formatAmount(minor: bigint, decimals: number): string {
  const sign = minor < 0n ? "−" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return sign + grouped + (decimals > 0 ? `.${fraction}` : "");
}

/** The amount with its currency's sign, or its code where no sign is known. */
export function formatMoney(minor: bigint, currency: Currency, language: Language): string {
  const symbol = SYMBOLS[currency.code]?.[language] ?? `${currency.code} `;
  const amount = formatAmount(minor, currency.decimals);
  return amount.startsWith("−") ? `−${symbol}${amount.slice(1)}` : symbol + amount;
}

/** A rate in parts per million as percent to the last digit: 124500n -> "12.4500%". */
export function formatExactRate(ppm: bigint): string {
  return `${formatAmount(ppm, EXACT_PERCENT_DIGITS)}%`;
}

/** A rate in parts per million as percent with two digits, half up: 124500n -> "12.45%". */
export function formatRate(ppm: bigint): string {
  const steps = (ppm + PPM_A_STEP / 2n) / PPM_A_STEP;
  return `${formatAmount(steps, PERCENT_DIGITS)}%`;
}
