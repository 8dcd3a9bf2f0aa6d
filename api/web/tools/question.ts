/** One line of the comparison's input, read field by field. */
import type { ScheduleRow, ScheduleTerms } from "../src/schedule";

export interface Question {
  readonly terms: ScheduleTerms;
  readonly upfrontFeeMinor: bigint;
  /** Null asks for the levelled one. */
  readonly instalmentMinor: bigint | null;
  readonly rows: readonly ScheduleRow[] | null;
  readonly priced: boolean;
}

/** A line that asks nothing; `field` is what is wrong with it. */
export class Malformed extends Error {
  constructor(readonly field: string) {
    super(field);
    this.name = "Malformed";
  }
}

type Fields = Readonly<Record<string, unknown>>;

function object(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(name);
  return value as Fields;
}

/** A JSON integer that a double holds exactly, or decimal digits. */
function integer(value: unknown, name: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  throw new Malformed(name);
}

/** A count or a day; anything beyond a double's integers stays beyond every limit. */
function small(value: unknown, name: string): number {
  return Number(integer(value, name));
}

function termsOf(fields: Fields): ScheduleTerms {
  const [count, exact] = [(n: string) => small(fields[n], n), (n: string) => integer(fields[n], n)];
  return {
    method: count("method") as ScheduleTerms["method"],
    principalMinor: exact("principal_minor"),
    ratePpm: exact("rate_ppm"),
    periods: count("periods"),
    periodUnit: count("period_unit") as ScheduleTerms["periodUnit"],
    periodLength: count("period_length"),
    interestOnlyPeriods: count("interest_only_periods"),
    disbursementDay: count("disbursement_day"),
    firstDueDay: count("first_due_day"),
    anchorDay: count("anchor_day"),
    dayCount: count("day_count") as ScheduleTerms["dayCount"],
    rounding: exact("rounding"),
    multipleMinor: exact("multiple_minor"),
  };
}

function rowsOf(value: unknown): ScheduleRow[] {
  if (!Array.isArray(value)) throw new Malformed("rows");
  return value.map((row: unknown, index) => {
    if (!Array.isArray(row) || row.length !== 3) throw new Malformed("rows");
    return {
      nr: index + 1,
      dueDay: small(row[0], "rows"),
      principalMinor: integer(row[1], "rows"),
      interestMinor: integer(row[2], "rows"),
    };
  });
}

function given<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

function parsed(line: string): Fields {
  try {
    return object(JSON.parse(line), "line");
  } catch (error) {
    if (error instanceof SyntaxError) throw new Malformed("line");
    throw error;
  }
}

/** Reads a line. Throws {@link Malformed}. */
export function readQuestion(line: string): Question {
  const fields = parsed(line);
  return {
    terms: termsOf(object(fields["terms"], "terms")),
    upfrontFeeMinor:
      given(fields["upfront_fee_minor"], (v) => integer(v, "upfront_fee_minor")) ?? 0n,
    instalmentMinor: given(fields["instalment_minor"], (v) => integer(v, "instalment_minor")),
    rows: given(fields["rows"], rowsOf),
    priced: fields["priced"] !== false,
  };
}
