import { t, tCount } from "../language";
import type { Loan } from "../loan";
import { DAY_COUNT_WORDS, METHOD_WORDS, type Rhythm, rhythmOf } from "../shape";
import type { Key } from "../words";

export function rhythmText(rhythm: Rhythm): string {
  return "key" in rhythm ? t(rhythm.key) : tCount(rhythm.stem, rhythm.n);
}

function Term({ name, value }: { name: Key; value: string }) {
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The schedule's shape in words: how it is paid back, how often, and what interest counts. */
export function Shape({ loan }: { loan: Loan }) {
  const { method, dayCount, interestOnlyPeriods } = loan.terms;
  return (
    <dl class="sums shape">
      <Term name="shapeMethod" value={t(METHOD_WORDS[method])} />
      <Term name="shapeRhythm" value={rhythmText(rhythmOf(loan.terms))} />
      {interestOnlyPeriods > 0 && (
        <Term name="shapeStart" value={tCount("interestOnlyStart", interestOnlyPeriods)} />
      )}
      <Term name="shapeDayCount" value={t(DAY_COUNT_WORDS[dayCount])} />
    </dl>
  );
}
