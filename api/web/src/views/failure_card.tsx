import type { ComponentChildren } from "preact";
import type { Failure, FailureKind } from "../failure";
import { t } from "../language";
import type { Key } from "../words";
import { Icon, type IconName } from "./icon";

const WORDS: Readonly<Record<FailureKind, readonly [Key, Key, IconName]>> = {
  session: ["sessionTitle", "sessionText", "clock"],
  notFound: ["notFoundTitle", "notFoundText", "cross"],
  ledger: ["ledgerDownTitle", "ledgerDownText", "away"],
  busy: ["busyTitle", "busyText", "clock"],
  offline: ["offlineTitle", "offlineText", "away"],
  slow: ["slowTitle", "slowText", "clock"],
  answer: ["answerTitle", "answerText", "alert"],
  service: ["serviceTitle", "serviceText", "alert"],
};

/** Failures that asking again cannot mend. */
const FINAL: readonly FailureKind[] = ["session", "notFound"];

interface CardProps {
  readonly title: Key;
  readonly text: Key;
  readonly icon?: IconName;
  readonly children?: ComponentChildren;
}

/** A whole page that says what is wrong and what to do. */
export function FailureCard({ title, text, icon = "cross", children }: CardProps) {
  return (
    <section class="card failure" role="alert">
      <span class="failure-icon">
        <Icon name={icon} />
      </span>
      <h1>{t(title)}</h1>
      <p>{t(text)}</p>
      {children}
      <a class="quiet-link" href="#/">
        {t("toStart")}
      </a>
    </section>
  );
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  return (
    <button type="button" class="primary" onClick={onRetry}>
      {t("retry")}
    </button>
  );
}

interface FailureProps {
  readonly failure: Failure;
  readonly onRetry: () => void;
}

export function FailurePage({ failure, onRetry }: FailureProps) {
  const [title, text, icon] = WORDS[failure.kind];
  return (
    <FailureCard title={title} text={text} icon={icon}>
      {failure.reference && <p class="fine">{t("reference", { reference: failure.reference })}</p>}
      {!FINAL.includes(failure.kind) && <RetryButton onRetry={onRetry} />}
    </FailureCard>
  );
}

/** The same above figures that are still worth reading. */
export function FailureBanner({ failure, onRetry }: FailureProps) {
  const [title, , icon] = WORDS[failure.kind];
  return (
    <div class="banner" role="alert">
      <Icon name={icon} />
      <p>
        <strong>{t(title)}</strong> {t("stale")}
      </p>
      {!FINAL.includes(failure.kind) && <RetryButton onRetry={onRetry} />}
    </div>
  );
}
