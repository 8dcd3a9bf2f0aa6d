import { t } from "../language";
import type { Loan, Payment } from "../loan";
import type { Currency } from "../money";
import type { Key } from "../words";
import { Icon } from "./icon";
import { Day, Money, shortHex } from "./text";

function Part({ name, minor, currency }: { name: Key; minor: bigint; currency: Currency }) {
  if (minor === 0n) return null;
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>
        <Money minor={minor} currency={currency} />
      </dd>
    </div>
  );
}

function Whereabouts({ payment }: { payment: Payment }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t("transaction")}</dt>
        <dd>
          <code>{payment.txHash ?? t("notRecorded")}</code>
        </dd>
      </div>
      {payment.blockNumber !== null && (
        <div>
          <dt>{t("block")}</dt>
          <dd>{payment.blockNumber}</dd>
        </div>
      )}
    </dl>
  );
}

function PaymentItem({ payment, currency }: { payment: Payment; currency: Currency }) {
  return (
    <li>
      <details>
        <summary>
          <span class="payment-day">
            <Day day={payment.day} />
            <code>{payment.txHash ? shortHex(payment.txHash) : t("notRecorded")}</code>
          </span>
          <Money minor={payment.amountMinor} currency={currency} />
          <Icon name="chevron" />
        </summary>
        <h3>{t("paymentPart")}</h3>
        <dl class="sums">
          <Part name="lateFee" minor={payment.lateFeeMinor} currency={currency} />
          <Part name="penalty" minor={payment.penaltyMinor} currency={currency} />
          <Part name="interest" minor={payment.interestMinor} currency={currency} />
          <Part name="principal" minor={payment.principalMinor} currency={currency} />
        </dl>
        <Whereabouts payment={payment} />
      </details>
    </li>
  );
}

/** What was paid, newest first, each with its split and its transaction. */
export function Payments({ loan }: { loan: Loan }) {
  const newestFirst = loan.payments.toReversed();
  return (
    <section class="card" aria-labelledby="payments-title">
      <h2 id="payments-title">{t("paymentsTitle")}</h2>
      {newestFirst.length === 0 && <p>{t("noPayments")}</p>}
      {newestFirst.length > 0 && (
        <ul class="payments">
          {newestFirst.map((payment) => (
            <PaymentItem key={payment.id} payment={payment} currency={loan.currency} />
          ))}
        </ul>
      )}
    </section>
  );
}
