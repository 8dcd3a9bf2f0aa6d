import { t } from "../language";
import { lastLoan } from "../session";

/** One stick, split: the borrower's half and the lender's, with the same notches. */
function SplitStick() {
  const notches = [34, 62, 90, 118, 146, 174, 202, 230].map((x) => `M${x} 20v56`).join("");
  return (
    <svg class="stick" viewBox="0 0 280 96" aria-hidden="true" focusable="false">
      <path class="stick-half" d="M14 16h252a6 6 0 0 1 6 6v18L8 56V22a6 6 0 0 1 6-6z" />
      <path class="stick-half other" d="M8 62l264-16v28a6 6 0 0 1-6 6H14a6 6 0 0 1-6-6z" />
      <path class="stick-notches" d={notches} />
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
