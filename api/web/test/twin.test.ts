import { expect, test } from "vitest";
import { answer } from "../tools/answer";
import { tallystick } from "./schedule/golden";

const [golden] = tallystick.cases;
const ask = (question: unknown, withPrices = true): unknown =>
  JSON.parse(answer(JSON.stringify(question), withPrices));

test("a line of terms is answered by the whole schedule", () => {
  const { terms, upfront_fee_minor } = golden!;
  expect(ask({ terms, upfront_fee_minor })).toEqual({
    instalment_minor: golden!.instalment_minor,
    rows: golden!.rows,
    root: golden!.schedule_root,
    apr_ppm: golden!.apr_ppm,
    all_in_ppm: golden!.all_in_ppm,
  });
});

test("decimal texts are numbers too, and prices are left out on request", () => {
  const terms = Object.fromEntries(
    Object.entries(golden!.terms).map(([name, n]) => [name, String(n)]),
  );
  const { instalment_minor, rows, schedule_root: root } = golden!;
  expect(ask({ terms, priced: false })).toEqual({ instalment_minor, rows, root });
  expect(ask({ terms }, false)).toEqual({ instalment_minor, rows, root });
});

test("a refusal is told by name and values", () => {
  expect(ask({ terms: golden!.terms, instalment_minor: 100 })).toEqual({
    refused: {
      name: "ScheduleDegenerate",
      values: { row: 0, interest_minor: 14778, balance_minor: 1200000 },
    },
  });
});

test("integers beyond a double keep every digit", () => {
  const terms = { ...golden!.terms, principal_minor: "9007199254740993007" };
  expect(answer(JSON.stringify({ terms }), false)).toContain('"value":9007199254740993007,');
});

test.each([
  ["not json", "line"],
  ["[]", "line"],
  ["{}", "terms"],
  ['{"terms":{"method":0.5}}', "method"],
  [JSON.stringify({ terms: golden!.terms, rows: [[1, 2]] }), "rows"],
  [JSON.stringify({ terms: golden!.terms, upfront_fee_minor: "ten" }), "upfront_fee_minor"],
])("%s is malformed", (line, field) => {
  expect(JSON.parse(answer(line, true))).toEqual({ malformed: field });
});
