import type { ComponentChildren } from "preact";
import { t, tMoney } from "../language";
import type { Loan } from "../loan";
import { formatRate } from "../money";
import type { Key } from "../words";
import { Icon } from "./icon";

function Fact({ name, children }: { name: Key; children: ComponentChildren }) {
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the agreement says about late payments. */
export function LateTerms({ loan }: { loan: Loan }) {
  return (
    <section class="card" aria-labelledby="terms-title">
      <h2 id="terms-title">{t("termsTitle")}</h2>
      <dl class="sums">
        <Fact name="graceDays">{loan.graceDays}</Fact>
        <Fact name="lateFeeEach">{tMoney(loan.lateFeeMinor, loan.currency)}</Fact>
        <Fact name="penaltyRate">{formatRate(loan.penaltyRatePpm)}</Fact>
      </dl>
    </section>
  );
}

/** Where the loan stands in the operator's ledger, for whoever wants to check it there. */
export function LedgerRecord({ loan }: { loan: Loan }) {
  const { ledger } = loan;
  return (
    <section class="card" aria-labelledby="ledger-title">
      <h2 id="ledger-title">{t("ledgerTitle")}</h2>
      <details class="ledger">
        <summary>
          {t("ledgerSummary")}
          <Icon name="chevron" />
        </summary>
        <p>{t("ledgerText")}</p>
        <dl class="facts">
          <Fact name="loanId">
            <code>{loan.id}</code>
          </Fact>
          <Fact name="originationTx">
            <code>{ledger.originationTx ?? t("none")}</code>
          </Fact>
          <Fact name="block">{ledger.blockNumber ?? t("none")}</Fact>
          <Fact name="contract">
            <code>{ledger.loanBook}</code>
          </Fact>
          <Fact name="chainId">{ledger.chainId}</Fact>
        </dl>
      </details>
    </section>
  );
}
