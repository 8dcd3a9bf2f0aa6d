/**
 * Why a schedule is refused: one class per refusal, named and filled as the contract's custom errors.
 * Rows count from 0, as in the contract.
 */

export type RefusalValue = bigint | number | string;
export type RefusalValues = Readonly<Record<string, RefusalValue>>;

/** Base of every refusal; `name` is the contract's error name, `values` its arguments in order. */
export abstract class ScheduleRefused extends Error {
  constructor(
    name: string,
    readonly values: RefusalValues,
  ) {
    const told = Object.entries(values).map(([key, value]) => `${key} ${value}`);
    super(`${name}: ${told.join(", ")}`);
    this.name = name;
  }
}

/** A method that no rule is known for. */
export class UnsupportedMethod extends ScheduleRefused {
  constructor(method: bigint) {
    super("UnsupportedMethod", { method });
  }
}

/** A period unit other than month and day. */
export class UnsupportedPeriodUnit extends ScheduleRefused {
  constructor(periodUnit: bigint) {
    super("UnsupportedPeriodUnit", { periodUnit });
  }
}

/** A day count that is unknown, or MONTHS_360 where due days do not follow months. */
export class UnsupportedDayCount extends ScheduleRefused {
  constructor(dayCount: bigint) {
    super("UnsupportedDayCount", { dayCount });
  }
}

/** A rounding word with an unknown nibble, or a choice that the method has no use for. */
export class UnsupportedRounding extends ScheduleRefused {
  constructor(rounding: bigint) {
    super("UnsupportedRounding", { rounding });
  }
}

/** A term below `least` or above `most`. */
export class TermOutOfRange extends ScheduleRefused {
  constructor(term: string, value: bigint, least: bigint, most: bigint) {
    super("TermOutOfRange", { term, value, least, most });
  }
}

/** An instalment that is not a multiple of its agreed multiple. */
export class InstalmentNotMultiple extends ScheduleRefused {
  constructor(instalmentMinor: bigint, multipleMinor: bigint) {
    super("InstalmentNotMultiple", { instalmentMinor, multipleMinor });
  }
}

/** A first due day that is not the anchor day of its month; `derivedDay` would be. */
export class FirstDueDayInconsistent extends ScheduleRefused {
  constructor(firstDueDay: number, derivedDay: number) {
    super("FirstDueDayInconsistent", { firstDueDay, derivedDay });
  }
}

/** The instalment does not carry the schedule at this row, or the row asks for nothing. */
export class ScheduleDegenerate extends ScheduleRefused {
  constructor(row: number, interestMinor: bigint, balanceMinor: bigint) {
    super("ScheduleDegenerate", { row, interestMinor, balanceMinor });
  }
}

/** Principal and interest of a row do not fit the ledger's field. */
export class RowTooLarge extends ScheduleRefused {
  constructor(row: number, totalMinor: bigint, mostMinor: bigint) {
    super("RowTooLarge", { row, totalMinor, mostMinor });
  }
}

/** A table's row is not due after the one before it. */
export class TableDayNotLater extends ScheduleRefused {
  constructor(row: number, dueDay: number, previousDay: number) {
    super("TableDayNotLater", { row, dueDay, previousDay });
  }
}

/** A table's row asks for more interest than has accrued by its day. */
export class TableInterestExceeds extends ScheduleRefused {
  constructor(row: number, interestMinor: bigint, accruedMinor: bigint) {
    super("TableInterestExceeds", { row, interestMinor, accruedMinor });
  }
}

/** A table's row repays more principal than is left. */
export class TablePrincipalExceeds extends ScheduleRefused {
  constructor(row: number, principalMinor: bigint, balanceMinor: bigint) {
    super("TablePrincipalExceeds", { row, principalMinor, balanceMinor });
  }
}

/** A table does not bring the balance to zero exactly with its last row. */
export class TableBalanceLeft extends ScheduleRefused {
  constructor(balanceMinor: bigint) {
    super("TableBalanceLeft", { balanceMinor });
  }
}

/** Another number of rows than agreed. */
export class RowCountMismatch extends ScheduleRefused {
  constructor(rows: number, periods: number) {
    super("RowCountMismatch", { rows, periods });
  }
}
