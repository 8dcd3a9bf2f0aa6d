import { t, tDay, tMoney } from "../language";
import type { Loan } from "../loan";
import { formatRate } from "../money";
import { overdueMinor, overdueRows } from "../standing";
import { Icon } from "./icon";
import { Money } from "./text";

function Why({ loan }: { loan: Loan }) {
  const oldest = overdueRows(loan)[0];
  const lastFreeDay = (oldest?.dueDay ?? loan.todayDay) + loan.graceDays;
  if (loan.chargesDueMinor === 0n && loan.todayDay <= lastFreeDay)
    return <p>{t("arrearsGrace", { grace: loan.graceDays, day: tDay(lastFreeDay) })}</p>;
  const terms = {
    grace: loan.graceDays,
    fee: tMoney(loan.lateFeeMinor, loan.currency),
    rate: formatRate(loan.penaltyRatePpm),
  };
  return (
    <>
      <p>{t("arrearsWhy", terms)}</p>
      <p>{t("arrearsOrder")}</p>
    </>
  );
}

/** What is overdue, what it costs and why, in plain words. */
export function Arrears({ loan }: { loan: Loan }) {
  const late = overdueMinor(loan);
  const { currency, chargesDueMinor } = loan;
  return (
    <section class="card arrears" aria-labelledby="arrears-title">
      <h2 id="arrears-title">
        <Icon name="alert" />
        {t("arrearsTitle")}
      </h2>
      <dl class="sums">
        <div>
          <dt>{t("arrearsInstalments")}</dt>
          <dd>
            <Money minor={late} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>{t("arrearsCharges")}</dt>
          <dd>
            <Money minor={chargesDueMinor} currency={currency} />
          </dd>
        </div>
        <div class="sum">
          <dt>{t("arrearsTotal")}</dt>
          <dd>
            <Money minor={late + chargesDueMinor} currency={currency} />
          </dd>
        </div>
      </dl>
      <Why loan={loan} />
    </section>
  );
}
