/** A field of the agreement in the reader's words. */
import type { Told } from "../comparison";
import { t, tDay, tMoney } from "../language";
import { type Currency, formatExactRate } from "../money";
import { PeriodUnit } from "../schedule";
import { DAY_COUNT_WORDS, METHOD_WORDS, every } from "../shape";
import { rhythmText } from "./shape";

export function toldText(told: Told, currency: Currency): string {
  switch (told.kind) {
    case "money":
      return tMoney(told.value, currency);
    case "rate":
      return formatExactRate(told.value);
    case "count":
      return told.value.toString();
    case "day":
      return tDay(told.value);
    case "everyMonths":
      return rhythmText(every(PeriodUnit.MONTH, told.value));
    case "everyDays":
      return rhythmText(every(PeriodUnit.DAY, told.value));
    case "method":
      return t(METHOD_WORDS[told.value]);
    case "dayCount":
      return t(DAY_COUNT_WORDS[told.value]);
    case "code":
      return told.value;
  }
}
