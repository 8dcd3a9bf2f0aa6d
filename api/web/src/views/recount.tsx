import { t, tDay, tMoney } from "../language";
import type { Loan } from "../loan";
import { formatExactRate } from "../money";
import type { Recount } from "../recount";
import { type ScheduleRow, rowTotalMinor } from "../schedule";
import type { Key } from "../words";
import { Icon } from "./icon";
import { shortHex } from "./text";

/** One quiet line: the phone found the same schedule. */
export function RecountLine({ loan, found }: { loan: Loan; found: Recount }) {
  if (found.kind !== "matches") return null;
  return (
    <p class="recount">
      <Icon name="check" />
      <span>
        {t("recountMatches")} <code>{t("recountRoot", { root: shortHex(loan.scheduleRoot) })}</code>
      </span>
    </p>
  );
}

type Difference = Extract<Recount, { kind: "row" }>;

function RowFacts({ name, row, loan }: { name: Key; row: ScheduleRow | null; loan: Loan }) {
  const money = (minor: bigint) => tMoney(minor, loan.currency);
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>
        {row === null ? (
          t("alarmNoRow")
        ) : (
          <>
            <strong>
              {tDay(row.dueDay)} · {money(rowTotalMinor(row))}
            </strong>
            <span>
              {t("principal")} {money(row.principalMinor)} · {t("interest")}{" "}
              {money(row.interestMinor)}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

function RowDifference({ loan, found }: { loan: Loan; found: Difference }) {
  return (
    <>
      <p>{t("alarmRow", { nr: found.nr })}</p>
      <dl class="alarm-rows">
        <RowFacts name="alarmShown" row={found.shown} loan={loan} />
        <RowFacts name="alarmSigned" row={found.signed} loan={loan} />
      </dl>
    </>
  );
}

function rateText(ppm: bigint | null): string {
  return ppm === null ? t("noRate") : formatExactRate(ppm);
}

type Told = Exclude<Recount, { kind: "matches" | "row" }>;

function differenceText(loan: Loan, found: Told): string {
  switch (found.kind) {
    case "refused":
      return found.nr === null
        ? t("alarmRefused", { error: found.error })
        : t("alarmRefusedRow", { error: found.error, nr: found.nr });
    case "root":
      return t("alarmRoot", {
        derived: shortHex(found.derived),
        signed: shortHex(loan.scheduleRoot),
      });
    case "instalment":
      return t("alarmInstalment", {
        derived: tMoney(found.derivedMinor, loan.currency),
        signed: tMoney(loan.instalmentMinor, loan.currency),
      });
    case "apr":
      return t("alarmApr", { derived: rateText(found.derivedPpm), shown: rateText(loan.aprPpm) });
    case "allIn":
      return t("alarmAllIn", {
        derived: rateText(found.derivedPpm),
        shown: rateText(loan.allInPpm),
      });
  }
}

/** A loud warning that names the first thing that is wrong; nothing while all is well. */
export function RecountAlarm({ loan, found }: { loan: Loan; found: Recount }) {
  if (found.kind === "matches") return null;
  return (
    <section class="card alarm" role="alert" aria-labelledby="alarm-title">
      <h2 id="alarm-title">
        <Icon name="alert" />
        {t("alarmTitle")}
      </h2>
      <p>{t("alarmIntro")}</p>
      {found.kind === "row" ? (
        <RowDifference loan={loan} found={found} />
      ) : (
        <p>{differenceText(loan, found)}</p>
      )}
      <p>
        <strong>{t("alarmAdvice")}</strong>
      </p>
    </section>
  );
}
