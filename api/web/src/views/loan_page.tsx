import { useEffect, useMemo } from "preact/hooks";
import { t } from "../language";
import type { Loan } from "../loan";
import { failure, loan, loading, open, refresh } from "../loan_state";
import { type Recount, recount } from "../recount";
import { overdueRows } from "../standing";
import { Arrears } from "./arrears";
import { Cost } from "./cost";
import { FailureBanner, FailurePage } from "./failure_card";
import { LateTerms, LedgerRecord } from "./facts";
import { Payments } from "./payments";
import { RecountAlarm } from "./recount";
import { Schedule } from "./schedule";
import { Skeleton } from "./skeleton";
import { Summary } from "./summary";

/** How often a loan that is not on the ledger yet is asked for again. */
const PENDING_POLL_MS = 4_000;

function useFollowPending(shown: Loan | null): void {
  useEffect(() => {
    if (shown?.status !== "pending") return undefined;
    const timer = setTimeout(() => void refresh(shown.id), PENDING_POLL_MS);
    return () => clearTimeout(timer);
  }, [shown]);
}

function useRefreshOnline(id: string): void {
  useEffect(() => {
    const again = () => void refresh(id);
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [id]);
}

function Account({ shown, found }: { shown: Loan; found: Recount }) {
  return (
    <>
      {overdueRows(shown).length > 0 && <Arrears loan={shown} />}
      <Cost loan={shown} />
      <Schedule loan={shown} found={found} />
      <Payments loan={shown} />
      <LateTerms loan={shown} />
    </>
  );
}

/** A loan that was never paid out has no account: nothing of it is owed. */
function LoanView({ shown }: { shown: Loan }) {
  const found = useMemo(() => recount(shown), [shown]);
  const owed = shown.status !== "failed";
  return (
    <>
      {owed && <RecountAlarm loan={shown} found={found} />}
      <Summary loan={shown} />
      {owed && <Account shown={shown} found={found} />}
      <LedgerRecord loan={shown} />
    </>
  );
}

export function LoanPage({ id }: { id: string }) {
  useEffect(() => open(id), [id]);
  useFollowPending(loan.value);
  useRefreshOnline(id);
  const retry = () => void refresh(id);
  const shown = loan.value;
  if (shown === null)
    return failure.value && !loading.value ? (
      <FailurePage failure={failure.value} onRetry={retry} />
    ) : (
      <Skeleton />
    );
  return (
    <>
      {failure.value && <FailureBanner failure={failure.value} onRetry={retry} />}
      <LoanView shown={shown} />
      <p class="announce" role="status">
        {t(loading.value ? "refreshing" : "upToDate")}
      </p>
    </>
  );
}
