import { useEffect, useRef } from "preact/hooks";
import { htmlLang, language, otherLanguage, speak, t } from "../language";
import { failure, loading, refresh } from "../loan_state";
import { route } from "../session";
import { FailureCard } from "./failure_card";
import { Icon } from "./icon";
import { LoanPage } from "./loan_page";
import { Start } from "./start";

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-wood" width="32" height="32" rx="8" />
      <path class="mark-notch" d="M7 8v16M12 8v16M17 8v16M22 8v16" />
      <path class="mark-split" d="M4.5 21.5 26.5 10.5" />
    </svg>
  );
}

function LanguageSwitch() {
  const other = otherLanguage.value;
  return (
    <button type="button" class="quiet" lang={htmlLang(other)} onClick={() => speak(other)}>
      {t("switchLanguage")}
    </button>
  );
}

function RefreshButton({ loan }: { loan: string }) {
  const label = t(loading.value ? "refreshing" : "refresh");
  return (
    <button
      type="button"
      class={loading.value ? "quiet round turning" : "quiet round"}
      aria-label={label}
      title={label}
      aria-disabled={loading.value}
      onClick={() => loading.value || void refresh(loan)}
    >
      <Icon name="refresh" />
    </button>
  );
}

function View() {
  const at = route.value;
  if (at.view === "loan") return <LoanPage id={at.loan} />;
  if (at.view === "start") return <Start />;
  return <FailureCard title="unknownTitle" text="unknownText" />;
}

export function App() {
  const at = route.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = t(at.view === "loan" ? "pageTitle" : "appTitle");
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [at]);
  return (
    <>
      <header class="bar">
        <a class="brand" href="#/" aria-label={t("home")}>
          <Mark />
          <span>Tallystick</span>
        </a>
        <div class="bar-actions">
          {at.view === "loan" && failure.value?.kind !== "session" && (
            <RefreshButton loan={at.loan} />
          )}
          <LanguageSwitch />
        </div>
      </header>
      <main ref={main} tabIndex={-1} aria-busy={loading.value} lang={htmlLang(language.value)}>
        <View />
      </main>
    </>
  );
}
