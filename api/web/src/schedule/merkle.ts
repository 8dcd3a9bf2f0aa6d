/** What both sides sign of a schedule's rows, and proofs of single rows. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { words } from "./bytes";
import { type ScheduleRow, rowWord } from "./row";
import { type Method, isTable } from "./terms";

/** 32 bytes. */
export type Digest = Uint8Array;

const WORD_BYTES = 32;

/** Root of a formula's rows: keccak256 of their words one after another. Of a table: its Merkle root. */
export function scheduleRoot(method: Method, rows: readonly ScheduleRow[]): Digest {
  const all = rows.map(rowWord);
  return isTable(method) ? merkleRoot(all) : keccak_256(words(...all));
}

/** keccak256(uint256(index) ++ uint256(word)): an index below 480 makes a leaf unlike any inner node. */
function leafOf(index: number, word: bigint): Digest {
  return keccak_256(words(BigInt(index), word));
}

/** keccak256 of the lesser, then the greater (OpenZeppelin's commutative hash). */
function parentOf(one: Digest, other: Digest): Digest {
  const bytes = new Uint8Array(2 * WORD_BYTES);
  const inOrder = isLess(one, other);
  bytes.set(inOrder ? one : other, 0);
  bytes.set(inOrder ? other : one, WORD_BYTES);
  return keccak_256(bytes);
}

function isLess(one: Digest, other: Digest): boolean {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

/** Pairs in order; an odd last node moves up unchanged. */
function levelAbove(level: readonly Digest[]): Digest[] {
  const above: Digest[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left) above.push(right ? parentOf(left, right) : left);
  }
  return above;
}

function merkleRoot(all: readonly bigint[]): Digest {
  let level = all.map((word, index) => leafOf(index, word));
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? new Uint8Array(WORD_BYTES);
}

/** Siblings of a table's row (index from 0) from the leaf up; none where its node moved up unpaired. */
export function tableProof(rows: readonly ScheduleRow[], index: number): Digest[] {
  const proof: Digest[] = [];
  let level = rows.map((row, at) => leafOf(at, rowWord(row)));
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling) proof.push(sibling);
    level = levelAbove(level);
  }
  return proof;
}

/** The root that a row's word and its proof lead to. */
export function proofRoot(index: number, word: bigint, proof: readonly Digest[]): Digest {
  return proof.reduce(parentOf, leafOf(index, word));
}
