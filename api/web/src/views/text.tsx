/** Days, amounts and ledger numbers as every view shows them. */
import { formatAmount } from "../money";
import { type DayStyle, isoDay } from "../days";
import { tDay, tMoney } from "../language";
import type { Currency } from "../money";

export function Day({ day, style = "short" }: { day: number; style?: DayStyle }) {
  return <time dateTime={isoDay(day)}>{tDay(day, style)}</time>;
}

export function Money({ minor, currency }: { minor: bigint; currency: Currency }) {
  return <span class="money">{tMoney(minor, currency)}</span>;
}

/** An amount where the currency is told once for the whole table. */
export function Amount({ minor, currency }: { minor: bigint; currency: Currency }) {
  return <span class="money">{formatAmount(minor, currency.decimals)}</span>;
}

const HEAD = 6;
const TAIL = 4;

/** The first and last digits of a long hexadecimal number. */
export function shortHex(hex: string): string {
  return hex.length > HEAD + TAIL + 1 ? `${hex.slice(0, HEAD)}…${hex.slice(-TAIL)}` : hex;
}
