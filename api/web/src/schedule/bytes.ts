/** Words of 32 bytes, as they are hashed. */

const WORD_BYTES = 32;
const LANE_BYTES = 8;
const LANE_BITS = 64n;
const HEX_DIGITS_A_BYTE = 2;

export function toHex(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(HEX_DIGITS_A_BYTE, "0"));
  return `0x${digits.join("")}`;
}

/** The values one after another, 32 bytes each, big-endian; negative ones as two's complement. */
export function words(...values: bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(WORD_BYTES * values.length));
  values.forEach((value, index) => writeWord(view, WORD_BYTES * index, value));
  return new Uint8Array(view.buffer);
}

function writeWord(view: DataView, offset: number, word: bigint): void {
  let rest = word;
  for (let at = offset + WORD_BYTES - LANE_BYTES; at >= offset; at -= LANE_BYTES) {
    view.setBigUint64(at, rest);
    rest >>= LANE_BITS;
  }
}
