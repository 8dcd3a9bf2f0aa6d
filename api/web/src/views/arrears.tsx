import { t, tDay, tMoney } from "../language";
import type { Loan } from "../loan";
import { formatRate } from "../money";
import { overdueMinor, overdueRows } from "../standing";
import { Icon } from "./icon";
import { Money } from "./text";

function why(loan: Loan): string {
  const oldest = overdueRows(loan)[0];
  const lastFreeDay = (oldest?.dueDay ?? loan.todayDay) + loan.graceDays;
  if (loan.chargesDueMinor === 0n && loan.todayDay <= lastFreeDay)
    return t("arrearsGrace", { grace: loan.graceDays, day: tDay(lastFreeDay) });
  return t("arrearsWhy", {
    grace: loan.graceDays,
    fee: tMoney(loan.lateFeeMinor, loan.currency),
    rate: formatRate(loan.penaltyRatePpm),
  });
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
      <p>{why(loan)}</p>
      <p>{t("arrearsOrder")}</p>
    </section>
  );
}
