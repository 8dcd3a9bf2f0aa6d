import { t, tCount, tDay, tMoney } from "../language";
import type { Loan } from "../loan";
import { type Standing, nextRow, overdueMinor, standing, unpaidMinor } from "../standing";
import { Icon, type IconName } from "./icon";
import { ProgressRing } from "./ring";
import { Day, Money, shortHex } from "./text";

const CHIP_ICONS: Readonly<Record<Standing["kind"], IconName>> = {
  pending: "clock",
  failed: "cross",
  cancelled: "check",
  unwound: "check",
  defaulted: "alert",
  writtenOff: "alert",
  closed: "check",
  overdue: "alert",
  charges: "alert",
  dueSoon: "clock",
  onTime: "check",
};

function standingText(at: Standing): string {
  if (at.kind === "overdue") return tCount("overdueBy", at.days);
  if (at.kind === "dueSoon" && at.days === 0) return t("dueToday");
  return t(at.kind);
}

function Chip({ at }: { at: Standing }) {
  return (
    <p class="chip">
      <Icon name={CHIP_ICONS[at.kind]} />
      {standingText(at)}
    </p>
  );
}

function NextInstalment({ loan, days }: { loan: Loan; days: number }) {
  const row = nextRow(loan);
  if (!row) return null;
  return (
    <div class="hero-next">
      <h2>{t("nextInstalment")}</h2>
      <p class="hero-amount">
        <Money minor={unpaidMinor(row)} currency={loan.currency} />
      </p>
      <p class="hero-day">
        <Day day={row.dueDay} style="full" />
        <span>{days === 0 ? t("today") : tCount("inDays", days)}</span>
      </p>
    </div>
  );
}

function ToPayNow({ loan }: { loan: Loan }) {
  const row = nextRow(loan);
  const then = row && { amount: tMoney(unpaidMinor(row), loan.currency), day: tDay(row.dueDay) };
  return (
    <div class="hero-next">
      <h2>{t("toPayNow")}</h2>
      <p class="hero-amount">
        <Money
          minor={overdueMinor(loan) + loan.chargesDueMinor + loan.carriedInterestMinor}
          currency={loan.currency}
        />
      </p>
      {then && (
        <p class="hero-day">
          <span>{t("thenNext", then)}</span>
        </p>
      )}
    </div>
  );
}

function closedText(day: number | null): string {
  return day === null ? t("closedPlain") : t("closedOn", { day: tDay(day, "full") });
}

function WhatNow({ loan, at }: { loan: Loan; at: Standing }) {
  if (at.kind === "cancelled") return <p class="hero-next">{t("cancelledText")}</p>;
  if (at.kind === "unwound") return <p class="hero-next">{t("unwoundText")}</p>;
  if (["overdue", "charges", "defaulted", "writtenOff"].includes(at.kind))
    return <ToPayNow loan={loan} />;
  if (at.kind === "onTime" || at.kind === "dueSoon")
    return <NextInstalment loan={loan} days={at.days} />;
  if (at.kind === "closed") return <p class="hero-next">{closedText(at.day)}</p>;
  return <p class="hero-next">{t(at.kind === "pending" ? "pendingText" : "failedText")}</p>;
}

function Left({ loan }: { loan: Loan }) {
  const paidOut = loan.status !== "pending";
  const borrowed = {
    amount: tMoney(loan.terms.principalMinor, loan.currency),
    day: tDay(loan.terms.disbursementDay),
  };
  return (
    <div class="hero-left">
      <div>
        <p class="hero-label">{t(paidOut ? "outstanding" : "loanAmount")}</p>
        <p class="hero-outstanding">
          <Money minor={loan.outstandingPrincipalMinor} currency={loan.currency} />
        </p>
        {paidOut && <p class="hero-fine">{t("ofPrincipal", borrowed)}</p>}
      </div>
      <ProgressRing loan={loan} />
    </div>
  );
}

/** What matters at a glance: how much is left, what comes next, and how the loan stands. */
export function Summary({ loan }: { loan: Loan }) {
  const at = standing(loan);
  return (
    <section class={`card hero ${at.kind}`} aria-labelledby="loan-title">
      <div class="hero-head">
        <h1 id="loan-title">{t("yourLoan")}</h1>
        <Chip at={at} />
      </div>
      {at.kind !== "failed" && <Left loan={loan} />}
      <WhatNow loan={loan} at={at} />
      <p class="hero-foot">
        {loan.amendments > 0 && <span>{t("amendedNote")}</span>}
        <span>{t("loanNumber", { loan: shortHex(loan.id) })}</span>
        <span>{t("asOf", { day: tDay(loan.todayDay) })}</span>
      </p>
    </section>
  );
}
