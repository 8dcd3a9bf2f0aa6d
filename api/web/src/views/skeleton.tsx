import { t } from "../language";

/** The shape of the page to come, while the first answer is on its way. */
export function Skeleton() {
  return (
    <>
      <h1 class="announce">{t("yourLoan")}</h1>
      <p class="announce" role="status">
        {t("loading")}
      </p>
      <div class="card hero bone bone-tall" aria-hidden="true" />
      <div class="card bone" aria-hidden="true" />
      <div class="card bone bone-tall" aria-hidden="true" />
    </>
  );
}
