import { expect, test } from "vitest";
import { proofRoot, rowWord, scheduleRoot, tableProof, toHex } from "../../src/schedule";
import { rowsOf, tallystick, termsOf } from "./golden";

const TABLES = tallystick.cases.flatMap((golden) =>
  "proofs" in golden ? [{ ...golden, proofs: golden.proofs }] : [],
);
const LONGEST_PROOF = 9;

test.each(TABLES)("golden proofs of $id", ({ rows, proofs }) => {
  const table = rowsOf(rows);
  for (const [row, siblings] of proofs as [number, string[]][])
    expect(tableProof(table, row).map(toHex)).toEqual(siblings);
});

test.each(TABLES)(
  "every row of $id is proved by at most nine siblings",
  ({ rows, terms, schedule_root }) => {
    const table = rowsOf(rows);
    expect(toHex(scheduleRoot(termsOf(terms).method, table))).toBe(schedule_root);
    table.slice(0, 40).forEach((row, index) => {
      const proof = tableProof(table, index);
      expect(proof.length).toBeLessThanOrEqual(LONGEST_PROOF);
      expect(toHex(proofRoot(index, rowWord(row), proof))).toBe(schedule_root);
    });
  },
);

test("a proof is for one row in one place", () => {
  const table = rowsOf(TABLES[0]?.rows ?? []);
  const [first, second] = table;
  if (!first || !second) throw new Error("no rows");
  const [proof, root] = [tableProof(table, 0), toHex(scheduleRoot(5, table))];
  expect(toHex(proofRoot(1, rowWord(first), proof))).not.toBe(root);
  expect(toHex(proofRoot(0, rowWord(second), proof))).not.toBe(root);
  expect(toHex(proofRoot(0, rowWord(first) + 1n, proof))).not.toBe(root);
});
