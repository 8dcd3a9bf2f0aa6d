/** The two catalogues and how a message is made from them; no state here. */
import { en } from "./en";
import { zh } from "./zh";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, string>>;
export type Values = Readonly<Record<string, string | number>>;

type Stem<K> = K extends `${infer S}.one` ? S : never;
/** Keys that come as `.one` and `.other`. */
export type CountKey = Stem<Key>;

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, zh };

/** The message with its {placeholders} filled; a placeholder without a value stays visible. */
export function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The form of a message for the count `n`: one thing has words of its own in both languages. */
export function countedKey(stem: CountKey, n: number): Key {
  return `${stem}.${n === 1 ? "one" : "other"}`;
}

/** The first of the browser's languages that there is a catalogue for, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase().split("-", 1)[0]);
  return LANGUAGES.find((language) => language === known.find(isLanguage)) ?? "en";
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}
