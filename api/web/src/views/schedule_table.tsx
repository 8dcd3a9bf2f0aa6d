import { wholeCost } from "../cost";
import { t, tDay } from "../language";
import type { Loan, Row } from "../loan";
import { formatAmount } from "../money";
import { type RowState, rowState } from "../standing";
import type { Key } from "../words";
import { Icon, type IconName } from "./icon";
import { Amount, Day } from "./text";

const STATE_ICONS: Readonly<Record<RowState, IconName>> = {
  paid: "check",
  overdue: "alert",
  next: "next",
  upcoming: "open",
  void: "open",
};
const STATE_WORDS: Readonly<Record<RowState, Key>> = {
  paid: "statePaid",
  overdue: "stateOverdue",
  next: "stateNext",
  upcoming: "stateUpcoming",
  void: "legendVoid",
};
const COLUMNS = ["nr", "day", "due", "state", "principal", "interest", "balance"] as const;

function stateText(row: Row, state: RowState): string {
  return state === "paid" && row.paidDay !== null
    ? t("statePaidOn", { day: tDay(row.paidDay, "withoutYear") })
    : t(STATE_WORDS[state]);
}

function StateCell({ row, loan }: { row: Row; loan: Loan }) {
  const state = rowState(row, loan);
  const amount = formatAmount(row.paidMinor, loan.currency.decimals);
  return (
    <td role="cell" class="cell-state">
      <span class={`state ${state}`}>
        <Icon name={STATE_ICONS[state]} />
        {stateText(row, state)}
      </span>
      {!row.paid && row.paidMinor > 0n && <small>{t("partlyPaid", { amount })}</small>}
    </td>
  );
}

interface FigureProps {
  readonly loan: Loan;
  readonly name: "due" | "principal" | "interest" | "balance";
  readonly minor: bigint;
}

/** An amount that brings its column's name along where the heading is not above it. */
function FigureCell({ loan, name, minor }: FigureProps) {
  return (
    <td role="cell" class={`cell-${name} figure`}>
      <span class="cell-name" aria-hidden="true">
        {t(name)}
      </span>
      <Amount minor={minor} currency={loan.currency} />
    </td>
  );
}

function TableRow({ row, loan }: { row: Row; loan: Loan }) {
  return (
    <tr role="row" class={rowState(row, loan)}>
      <th role="rowheader" scope="row" class="cell-nr">
        {row.nr}
      </th>
      <td role="cell" class="cell-day">
        <Day day={row.dueDay} />
      </td>
      <FigureCell loan={loan} name="due" minor={row.dueMinor} />
      <StateCell row={row} loan={loan} />
      <FigureCell loan={loan} name="principal" minor={row.principalMinor} />
      <FigureCell loan={loan} name="interest" minor={row.interestMinor} />
      <FigureCell loan={loan} name="balance" minor={row.balanceMinor} />
    </tr>
  );
}

function TotalRow({ loan }: { loan: Loan }) {
  const cost = wholeCost(loan);
  return (
    <tr role="row" class="total">
      <th role="rowheader" scope="row" class="cell-total" colSpan={2} aria-colspan={2}>
        {t("tableTotal")}
      </th>
      <FigureCell loan={loan} name="due" minor={cost.totalMinor} />
      <td role="cell" class="cell-state" />
      <FigureCell loan={loan} name="principal" minor={loan.terms.principalMinor} />
      <FigureCell loan={loan} name="interest" minor={cost.interestMinor} />
      <td role="cell" class="cell-balance" />
    </tr>
  );
}

/**
 * The schedule as a table. On a narrow screen each row takes two lines by CSS; the roles are spelt
 * out because such a layout would otherwise take the table's meaning away from screen readers.
 */
export function ScheduleTable({ loan }: { loan: Loan }) {
  return (
    <table role="table" class="schedule">
      <caption>{t("tableCaption", { currency: loan.currency.code })}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {loan.rows.map((row) => (
          <TableRow key={row.nr} row={row} loan={loan} />
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <TotalRow loan={loan} />
      </tfoot>
    </table>
  );
}
