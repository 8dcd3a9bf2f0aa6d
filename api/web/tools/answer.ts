/** Answers one question about a schedule. */
import {
  RateUndefined,
  type ScheduleRow,
  ScheduleRefused,
  type ScheduleTerms,
  allInRatePpm,
  derive,
  isTable,
  levelInstalment,
  requireTerms,
  scheduleAprPpm,
  scheduleRoot,
  toHex,
  verifyTable,
} from "../src/schedule";
import { Malformed, type Question, readQuestion } from "./question";
import { integersAsJson } from "./json_lines";

interface Schedule {
  readonly instalmentMinor: bigint;
  readonly rows: readonly ScheduleRow[];
}

function scheduleOf({ terms, rows, instalmentMinor }: Question): Schedule {
  if (isTable(terms.method) || rows !== null) {
    requireTerms(terms, instalmentMinor ?? 0n);
    verifyTable(terms, rows ?? []);
    return { instalmentMinor: 0n, rows: rows ?? [] };
  }
  const instalment = instalmentMinor ?? levelInstalment(terms);
  return { instalmentMinor: instalment, rows: derive(terms, instalment) };
}

type Rate = (terms: ScheduleTerms, rows: readonly ScheduleRow[], feeMinor: bigint) => bigint;

function rateOrNull(rate: Rate, question: Question, rows: readonly ScheduleRow[]): bigint | null {
  try {
    return rate(question.terms, rows, question.upfrontFeeMinor);
  } catch (error) {
    if (error instanceof RateUndefined) return null;
    throw error;
  }
}

/** The answer to one line, as one line. */
export function answer(line: string, withPrices: boolean): string {
  return integersAsJson(answerTo(line, withPrices));
}

function answerTo(line: string, withPrices: boolean): object {
  try {
    const question = readQuestion(line);
    const { instalmentMinor, rows } = scheduleOf(question);
    const prices = withPrices &&
      question.priced && {
        apr_ppm: rateOrNull(scheduleAprPpm, question, rows),
        all_in_ppm: rateOrNull(allInRatePpm, question, rows),
      };
    return {
      instalment_minor: instalmentMinor,
      rows: rows.map(({ dueDay, principalMinor, interestMinor }) => [
        dueDay,
        principalMinor,
        interestMinor,
      ]),
      root: toHex(scheduleRoot(question.terms.method, rows)),
      ...prices,
    };
  } catch (error) {
    if (error instanceof ScheduleRefused)
      return { refused: { name: error.name, values: snakeCased(error.values) } };
    if (error instanceof Malformed) return { malformed: error.field };
    throw error;
  }
}

function snakeCased(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [snake(name), value]));
}
