/** Reads fields out of an API answer; whatever has not the agreed type is refused by name. */

export type Json = Readonly<Record<string, unknown>>;

export class UnexpectedAnswer extends Error {
  constructor(readonly field: string) {
    super(`the answer's field "${field}" is not what was agreed`);
    this.name = "UnexpectedAnswer";
  }
}

export function object(value: unknown, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnexpectedAnswer(name);
  return value as Json;
}

export function items(source: Json, field: string): Json[] {
  const value = source[field];
  if (!Array.isArray(value)) throw new UnexpectedAnswer(field);
  return value.map((item: unknown) => object(item, field));
}

export function text(source: Json, field: string): string {
  const value = source[field];
  if (typeof value !== "string") throw new UnexpectedAnswer(field);
  return value;
}

/** An integer that a double holds exactly; anything larger would already have lost digits. */
export function integer(source: Json, field: string): number {
  const value = source[field];
  if (!Number.isSafeInteger(value)) throw new UnexpectedAnswer(field);
  return value as number;
}

/** Minor units, or parts per million: exact from here on. */
export function exact(source: Json, field: string): bigint {
  return BigInt(integer(source, field));
}

/** One of the numbers that an enumeration knows. */
export function numbered<T extends number>(
  source: Json,
  field: string,
  known: Readonly<Record<string, T>>,
): T {
  const value = integer(source, field);
  const found = Object.values(known).find((candidate) => candidate === value);
  if (found === undefined) throw new UnexpectedAnswer(field);
  return found;
}

export function oneOf<T extends string>(source: Json, field: string, allowed: readonly T[]): T {
  const value = text(source, field);
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UnexpectedAnswer(field);
  return found;
}

export function orNull<T>(read: (source: Json, field: string) => T) {
  return (source: Json, field: string): T | null =>
    source[field] === null || source[field] === undefined ? null : read(source, field);
}
