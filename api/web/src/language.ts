/** The reader's language as page state, and the functions that speak it. */
import { computed, effect, signal } from "@preact/signals";
import { type DayStyle, formatDay } from "./days";
import { type Currency, formatMoney } from "./money";
import {
  CATALOGUES,
  type CountKey,
  type Key,
  type Language,
  type Values,
  countedKey,
  fill,
  isLanguage,
  preferredLanguage,
} from "./words";

const STORAGE_KEY = "tallystick.language";
const HTML_LANG: Readonly<Record<Language, string>> = { zh: "zh-Hans", en: "en" };

function storedLanguage(): Language | null {
  const stored = localStorage.getItem(STORAGE_KEY);
  return isLanguage(stored) ? stored : null;
}

export const language = signal<Language>(
  storedLanguage() ?? preferredLanguage(navigator.languages),
);
export const otherLanguage = computed<Language>(() => (language.value === "zh" ? "en" : "zh"));

/** Changes the language and remembers it on this device. */
export function speak(chosen: Language): void {
  localStorage.setItem(STORAGE_KEY, chosen);
  language.value = chosen;
}

export function htmlLang(of: Language): string {
  return HTML_LANG[of];
}

/** A message in the reader's language. */
export function t(key: Key, values: Values = {}): string {
  return fill(CATALOGUES[language.value][key], values);
}

/** A message about `n` things. */
export function tCount(stem: CountKey, n: number, values: Values = {}): string {
  return t(countedKey(stem, n), { ...values, n });
}

export function tDay(day: number, style: DayStyle = "short"): string {
  return formatDay(day, language.value, style);
}

export function tMoney(minor: bigint, currency: Currency): string {
  return formatMoney(minor, currency, language.value);
}

effect(() => {
  document.documentElement.lang = HTML_LANG[language.value];
});
