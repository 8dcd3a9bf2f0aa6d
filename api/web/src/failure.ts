/** What can go wrong between the page and the API, in the few kinds a borrower can act on. */
import { UnexpectedAnswer } from "./json";

export const FAILURES = [
  "session",
  "notFound",
  "ledger",
  "busy",
  "offline",
  "slow",
  "answer",
  "service",
] as const;
export type FailureKind = (typeof FAILURES)[number];

export interface Failure {
  readonly kind: FailureKind;
  /** What to quote to support: the problem type, or the field that was wrong. */
  readonly reference: string | null;
}

const BY_SLUG: Readonly<Record<string, FailureKind>> = {
  "ledger-unavailable": "ledger",
};

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  401: "session",
  403: "notFound",
  404: "notFound",
  422: "notFound",
  429: "busy",
};

/** An answer other than 200, as RFC 9457 describes it. */
export class ProblemAnswer extends Error {
  constructor(
    readonly status: number,
    readonly type: string | null,
  ) {
    super(`${status} ${type ?? ""}`.trim());
    this.name = "ProblemAnswer";
  }
}

function ofProblem(problem: ProblemAnswer): Failure {
  const slug = problem.type?.split("/").at(-1) ?? "";
  const kind = BY_SLUG[slug] ?? BY_STATUS[problem.status] ?? "service";
  return { kind, reference: problem.type ?? `HTTP ${problem.status}` };
}

/** Sorts whatever a request threw; `online` is what the browser says of its connection. */
export function failureOf(error: unknown, online: boolean): Failure {
  if (error instanceof ProblemAnswer) return ofProblem(error);
  if (error instanceof UnexpectedAnswer) return { kind: "answer", reference: error.field };
  if (!online) return { kind: "offline", reference: null };
  if (error instanceof DOMException && error.name === "TimeoutError")
    return { kind: "slow", reference: null };
  return { kind: "offline", reference: null };
}
