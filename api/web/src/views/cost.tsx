import { type WholeCost, wholeCost } from "../cost";
import { t, tMoney } from "../language";
import type { Loan } from "../loan";
import { type Currency, formatRate } from "../money";
import { isFlat } from "../schedule";
import type { Key } from "../words";
import { Money } from "./text";

const STRIP_WIDTH = 340;
const STRIP_GAP = 3;
const STRIP_MIN = 4;

interface Part {
  readonly name: "received" | "fee" | "interest";
  readonly minor: bigint;
}

interface StripProps {
  readonly cost: WholeCost;
  readonly currency: Currency;
  readonly told: Key;
}

/** What is paid back, as one strip: the money that arrived, then fee, then interest. */
function CostStrip({ cost, currency, told }: StripProps) {
  const parts: Part[] = [
    { name: "received", minor: cost.receivedMinor },
    { name: "fee", minor: cost.feeMinor },
    { name: "interest", minor: cost.interestMinor },
  ];
  const shown = parts.filter(({ minor }) => minor > 0n);
  const width = STRIP_WIDTH - STRIP_GAP * (shown.length - 1);
  const total = Number(cost.totalMinor);
  let x = 0;
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${STRIP_WIDTH} 18`}
      role="img"
      aria-label={t(told, {
        total: tMoney(cost.totalMinor, currency),
        received: tMoney(cost.receivedMinor, currency),
        fee: tMoney(cost.feeMinor, currency),
        interest: tMoney(cost.interestMinor, currency),
      })}
    >
      {shown.map(({ name, minor }) => {
        const share = Math.max((Number(minor) / total) * width, STRIP_MIN);
        const left = x;
        x += share + STRIP_GAP;
        return (
          <rect key={name} class={`strip-${name}`} x={left} width={share} height="18" rx="4" />
        );
      })}
    </svg>
  );
}

interface LineProps {
  readonly name: Key;
  readonly minor: bigint;
  readonly currency: Currency;
  readonly swatch?: Part["name"];
  readonly sum?: boolean;
}

function Line({ name, minor, currency, swatch, sum }: LineProps) {
  return (
    <div class={sum ? "sum" : undefined}>
      <dt>
        {swatch && <span class={`swatch swatch-${swatch}`} />}
        {t(name)}
      </dt>
      <dd>
        <Money minor={minor} currency={currency} />
      </dd>
    </div>
  );
}

/** Both prices, by their two rules, and the rate that interest is counted by. */
function Rates({ loan }: { loan: Loan }) {
  return (
    <dl class="rates">
      <div>
        <dt>{t("apr")}</dt>
        <dd>{formatRate(loan.aprPpm)}</dd>
      </div>
      <div>
        <dt>{t("allIn")}</dt>
        <dd>{loan.allInPpm === null ? t("noRate") : formatRate(loan.allInPpm)}</dd>
      </div>
      <div class="rate-plain">
        <dt>{t(isFlat(loan.terms.method) ? "rateFlat" : "rate")}</dt>
        <dd>{formatRate(loan.terms.ratePpm)}</dd>
      </div>
    </dl>
  );
}

/** The whole cost, before any terms: what arrived, what is paid back, and the yearly rates. New terms pay nothing out. */
export function Cost({ loan }: { loan: Loan }) {
  const cost = wholeCost(loan);
  const { currency } = loan;
  const amended = loan.amendments > 0;
  return (
    <section class="card" aria-labelledby="cost-title">
      <h2 id="cost-title">{t("costTitle")}</h2>
      <Rates loan={loan} />
      <CostStrip
        cost={cost}
        currency={currency}
        told={amended ? "costPictureAmended" : "costPicture"}
      />
      <dl class="sums">
        <Line
          name={amended ? "principalAmended" : "received"}
          minor={cost.receivedMinor}
          currency={currency}
          swatch="received"
        />
        <Line name="plusFee" minor={cost.feeMinor} currency={currency} swatch="fee" />
        <Line
          name="plusInterest"
          minor={cost.interestMinor}
          currency={currency}
          swatch="interest"
        />
        <Line name="totalToPay" minor={cost.totalMinor} currency={currency} sum />
        <Line name="costOfLoan" minor={cost.costMinor} currency={currency} />
        {cost.chargesPaidMinor > 0n && (
          <Line name="chargesPaid" minor={cost.chargesPaidMinor} currency={currency} />
        )}
      </dl>
      <p class="fine">{t("pricesNote")}</p>
      <p class="fine">{t("costNote")}</p>
    </section>
  );
}
