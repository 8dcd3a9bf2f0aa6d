import { t, tCount } from "../language";
import type { Loan } from "../loan";
import { RING_SIZE, notches } from "../picture";
import { rowState } from "../standing";

/** One notch an instalment, as on a tally stick: thick where paid, broken where overdue. */
export function ProgressRing({ loan }: { loan: Loan }) {
  const paid = loan.rows.filter((row) => row.paid).length;
  const count = loan.rows.length;
  const arcs = notches(count);
  return (
    <div class="ring">
      <svg
        viewBox={`0 0 ${RING_SIZE} ${RING_SIZE}`}
        role="img"
        aria-label={tCount("instalmentsPaid", count, { paid })}
      >
        {loan.rows.map((row, index) => (
          <path key={row.nr} class={`notch ${rowState(row, loan)}`} d={arcs[index]} />
        ))}
      </svg>
      <p aria-hidden="true">
        <strong>
          {paid}
          <span>/{count}</span>
        </strong>
        {t("paidShort")}
      </p>
    </div>
  );
}
