import { t, tCount, tDay, tMoney } from "../language";
import type { Loan } from "../loan";
import { formatExactRate } from "../money";
import type { Recount } from "../recount";
import { type ScheduleRow, rowTotalMinor } from "../schedule";
import type { Key } from "../words";
import { Icon } from "./icon";
import { shortHex } from "./text";
import { toldText } from "./told";

/** One quiet line: the phone found the same schedule. */
export function RecountLine({ loan, found }: { loan: Loan; found: Recount }) {
  if (found.kind !== "matches") return null;
  return (
    <p class="recount">
      <Icon name="check" />
      <span>
        {t("recountMatches")}{" "}
        <code>{t("recountRoot", { root: shortHex(loan.agreement.scheduleRoot) })}</code>
      </span>
    </p>
  );
}

type RowDiffers = Extract<Recount, { kind: "row" }>;
type FieldsDiffer = Extract<Recount, { kind: "fields" }>;

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

function RowDifference({ loan, found }: { loan: Loan; found: RowDiffers }) {
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

function FieldDifferences({ loan, found }: { loan: Loan; found: FieldsDiffer }) {
  return (
    <>
      <p>{tCount("alarmFields", found.differences.length)}</p>
      <dl class="alarm-rows">
        {found.differences.map(({ name, shown, signed }) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>
              <strong>{t("alarmFieldShown", { value: toldText(shown, loan.currency) })}</strong>
              <strong>{t("alarmFieldSigned", { value: toldText(signed, loan.currency) })}</strong>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function rateText(ppm: bigint | null): string {
  return ppm === null ? t("noRate") : formatExactRate(ppm);
}

type InWords = Exclude<Recount, { kind: "matches" | "row" | "fields" }>;

function differenceText(loan: Loan, found: InWords): string {
  switch (found.kind) {
    case "agreement":
      return t("alarmAgreement", { digest: shortHex(found.digest), loan: shortHex(loan.id) });
    case "refused":
      return found.nr === null
        ? t("alarmRefused", { error: found.error })
        : t("alarmRefusedRow", { error: found.error, nr: found.nr });
    case "root":
      return t("alarmRoot", {
        derived: shortHex(found.derived),
        signed: shortHex(loan.agreement.scheduleRoot),
      });
    case "instalment":
      return t("alarmInstalment", {
        derived: tMoney(found.derivedMinor, loan.currency),
        signed: tMoney(loan.agreement.instalmentMinor, loan.currency),
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

function Finding({ loan, found }: { loan: Loan; found: Exclude<Recount, { kind: "matches" }> }) {
  if (found.kind === "row") return <RowDifference loan={loan} found={found} />;
  if (found.kind === "fields") return <FieldDifferences loan={loan} found={found} />;
  return <p>{differenceText(loan, found)}</p>;
}

/** Whether the finding is about what was computed, and not about what was signed. */
function isRecomputed({ kind }: Recount): boolean {
  return kind !== "agreement" && kind !== "fields";
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
      {isRecomputed(found) && <p>{t("alarmIntro")}</p>}
      <Finding loan={loan} found={found} />
      <p>
        <strong>{t("alarmAdvice")}</strong>
      </p>
    </section>
  );
}
