import { expect, test } from "vitest";
import { ProblemAnswer, failureOf } from "../src/failure";
import { UnexpectedAnswer } from "../src/json";

test.each([
  [401, "/problems/unauthenticated", "session"],
  [403, "/problems/not-yours", "notFound"],
  [404, "/problems/not-found", "notFound"],
  [422, "/problems/invalid-request", "notFound"],
  [429, "/problems/too-many-requests", "busy"],
  [503, "/problems/ledger-unavailable", "ledger"],
  [503, null, "service"],
  [500, "/problems/internal-fault", "service"],
])("%s %s is told as %s", (status, type, kind) => {
  const failure = failureOf(new ProblemAnswer(status, type), true);
  expect(failure).toEqual({ kind, reference: type ?? `HTTP ${status}` });
});

test("an answer that cannot be read names its field", () => {
  expect(failureOf(new UnexpectedAnswer("rows"), true)).toEqual({
    kind: "answer",
    reference: "rows",
  });
});

test("no connection is told from a slow service", () => {
  const timeout = new DOMException("too long", "TimeoutError");
  expect(failureOf(timeout, true).kind).toBe("slow");
  expect(failureOf(timeout, false).kind).toBe("offline");
  expect(failureOf(new TypeError("failed to fetch"), true).kind).toBe("offline");
});
