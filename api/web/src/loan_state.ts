/** What the loan page shows: the loan last read, what went wrong last, and whether a request runs. */
import { batch, signal } from "@preact/signals";
import { fetchLoan } from "./client";
import { type Failure, failureOf } from "./failure";
import type { Loan } from "./loan";
import { token } from "./session";

export const loan = signal<Loan | null>(null);
export const failure = signal<Failure | null>(null);
export const loading = signal(false);
/** The instalment chosen in the picture; null follows the one that matters now. */
export const chosenNr = signal<number | null>(null);

/** Counts requests, so that a late answer to an earlier one is dropped. */
let latest = 0;

function settle(request: number, change: () => void): void {
  if (request !== latest) return;
  batch(() => {
    loading.value = false;
    change();
  });
}

/** Reads the loan again; figures already shown stay until the answer is there. */
export async function refresh(id: string): Promise<void> {
  const request = ++latest;
  const key = token();
  if (key === null) {
    settle(request, () => (failure.value = { kind: "session", reference: null }));
    return;
  }
  loading.value = true;
  try {
    const fresh = await fetchLoan(id, key);
    settle(request, () => {
      loan.value = fresh;
      failure.value = null;
    });
  } catch (error) {
    settle(request, () => (failure.value = failureOf(error, navigator.onLine)));
  }
}

/** Opens another loan: nothing of the one before stays on the page. */
export function open(id: string): void {
  batch(() => {
    loan.value = null;
    failure.value = null;
    chosenNr.value = null;
  });
  void refresh(id);
}
