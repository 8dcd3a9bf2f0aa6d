import { t } from "../language";
import { lastLoan } from "../session";

const NOTCHES = [46, 58, 70, 82, 112, 124, 136, 166, 178];

/** One stick, split along its length: both halves carry the same notches. */
function SplitStick() {
  const cuts = NOTCHES.map((x) => `M${x} 10v82`).join("");
  return (
    <svg class="stick" viewBox="0 0 280 104" aria-hidden="true" focusable="false">
      <path class="stick-half" d="M18 12h226q14 0 16 16l1 17L6 53V26q0-14 12-14z" />
      <path class="stick-half other" d="M20 59l255-8v23q-1 16-15 16H32q-12 0-12-14z" />
      <path class="stick-grain" d="M18 26q110-8 232 1M14 44q90-8 130-4M32 74q90-10 232-4" />
      <path class="stick-notches" d={cuts} />
    </svg>
  );
}

export function Start() {
  const loan = lastLoan();
  return (
    <>
      <section class="card hero start">
        <SplitStick />
        <h1>{t("startTitle")}</h1>
        <p>{t("startText")}</p>
        {loan && (
          <a class="primary" href={`#/loans/${loan}`}>
            {t("startBack")}
          </a>
        )}
      </section>
      <section class="card" aria-labelledby="start-how">
        <h2 id="start-how">{t("startHow")}</h2>
        <ol class="steps">
          <li>
            {t("startStep1")}
            <code class="sample">…/app/#/loans/0x7c19…a4?token=…</code>
          </li>
          <li>{t("startStep2")}</li>
          <li>{t("startStep3")}</li>
        </ol>
      </section>
    </>
  );
}
