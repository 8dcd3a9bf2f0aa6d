/** The HTTP API as this page uses it. */
import { ProblemAnswer } from "./failure";
import { UnexpectedAnswer } from "./json";
import { type Loan, readLoan } from "./loan";

const TIMEOUT_MS = 15_000;

async function problemOf(response: Response): Promise<ProblemAnswer> {
  const body: unknown = await response.json().catch(() => null);
  const type = typeof body === "object" && body !== null && "type" in body ? body.type : null;
  return new ProblemAnswer(response.status, typeof type === "string" ? type : null);
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnexpectedAnswer("body");
    throw error;
  }
}

/** Asks for one loan; throws {@link ProblemAnswer}, {@link UnexpectedAnswer} or fetch's own errors. */
export async function fetchLoan(loan: string, token: string): Promise<Loan> {
  const response = await fetch(`/v1/loans/${loan}`, {
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw await problemOf(response);
  return readLoan(await jsonOf(response), loan);
}
