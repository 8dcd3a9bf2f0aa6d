import { useEffect, useRef } from "preact/hooks";
import { t, tDay, tMoney } from "../language";
import type { Loan, Row } from "../loan";
import { chosenNr } from "../loan_state";
import { type Bar, PICTURE_HEIGHT, PICTURE_WIDTH, bars, markScale, pictureWidth } from "../picture";
import { type RowState, nextRow, overdueRows, rowState } from "../standing";
import type { Key } from "../words";
import { Money } from "./text";

const HEAD = 20;
const FOOT = 20;
const MARK_Y = -9;
/** At most about so many numbers under the bars. */
const MAX_LABELS = 14;

const STATE_WORDS: Readonly<Record<RowState, Key>> = {
  paid: "legendPaid",
  overdue: "legendOverdue",
  next: "legendNext",
  upcoming: "legendUpcoming",
  void: "legendVoid",
};
const MARKS: Readonly<Record<RowState, string>> = {
  paid: "M-4 0l3 3 5-6",
  overdue: "M0-5v6M0 4v.5",
  next: "M-5-3h10l-5 7z",
  upcoming: "",
  void: "M-4-4l8 8M4-4l-8 8",
};

function Patterns() {
  return (
    <defs>
      <pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="stripes-ground" width="6" height="6" />
        <path class="stripes-line" d="M-1.5 1.5l3-3M0 6l6-6M4.5 7.5l3-3" />
      </pattern>
    </defs>
  );
}

interface ColumnProps {
  readonly row: Row;
  readonly bar: Bar;
  readonly state: RowState;
  readonly chosen: boolean;
  readonly labelled: boolean;
}

function Column({ row, bar, state, chosen, labelled }: ColumnProps) {
  const middle = bar.x + bar.width / 2;
  const round = Math.min(3, bar.width / 4);
  const partly = !row.paid && row.paidMinor > 0n;
  return (
    <g class={`column ${state}${chosen ? " chosen" : ""}`}>
      <rect class="column-interest" x={bar.x} width={bar.width} rx={round} {...bar.interest} />
      <rect class="column-principal" x={bar.x} width={bar.width} rx={round} {...bar.principal} />
      {partly && <rect class="column-partly" x={bar.x} width={bar.width} {...bar.paid} />}
      <path
        class="column-mark"
        transform={`translate(${middle} ${MARK_Y}) scale(${markScale(bar)})`}
        d={MARKS[state]}
      />
      {labelled && (
        <text x={middle} y={PICTURE_HEIGHT + 14}>
          {row.nr}
        </text>
      )}
    </g>
  );
}

function summaryOf(loan: Loan): string {
  const paid = loan.rows.filter((row) => row.paid).length;
  const overdue = overdueRows(loan).length;
  return t("pictureSummary", {
    count: loan.rows.length,
    paid,
    overdue,
    open: loan.rows.length - paid - overdue,
    firstInterest: tMoney(loan.rows[0]?.interestMinor ?? 0n, loan.currency),
    lastInterest: tMoney(loan.rows.at(-1)?.interestMinor ?? 0n, loan.currency),
  });
}

/** The instalment that matters now: the oldest overdue, the next, or the last. */
function currentNr(loan: Loan): number {
  return (overdueRows(loan)[0] ?? nextRow(loan) ?? loan.rows.at(-1))?.nr ?? 1;
}

function choose(event: PointerEvent & { currentTarget: SVGSVGElement }, loan: Loan): void {
  const box = event.currentTarget.getBoundingClientRect();
  const index = Math.floor(((event.clientX - box.left) / box.width) * loan.rows.length);
  chosenNr.value = loan.rows[Math.min(Math.max(index, 0), loan.rows.length - 1)]?.nr ?? null;
}

function Bars({ loan, nr }: { loan: Loan; nr: number }) {
  const width = pictureWidth(loan.rows.length);
  const every = Math.ceil(loan.rows.length / ((MAX_LABELS * width) / pictureWidth(1)));
  const columns = bars(loan.rows);
  return (
    <svg
      class="bars"
      width={width > PICTURE_WIDTH ? width : "100%"}
      viewBox={`0 ${-HEAD} ${width} ${HEAD + PICTURE_HEIGHT + FOOT}`}
      role="img"
      aria-labelledby="bars-name"
      aria-describedby="bars-summary"
      onPointerDown={(event) => choose(event, loan)}
    >
      <Patterns />
      {loan.rows.map((row, index) => {
        const bar = columns[index];
        if (!bar) return null;
        const labelled = index === 0 || (index + 1) % every === 0;
        const state = rowState(row, loan);
        const chosen = row.nr === nr;
        return <Column key={row.nr} {...{ row, bar, state, chosen, labelled }} />;
      })}
    </svg>
  );
}

function Sample({ state, name }: { state: RowState; name: Key }) {
  return (
    <li>
      <svg class="sample-bar" viewBox="0 -16 14 34" aria-hidden="true" focusable="false">
        <g class={`column ${state}`}>
          <rect class="column-principal" x="1" y="1" width="12" height="16" rx="2" />
          <path class="column-mark" transform="translate(7 -8)" d={MARKS[state]} />
        </g>
      </svg>
      {t(name)}
    </li>
  );
}

function Legend({ loan }: { loan: Loan }) {
  const seen = new Set(loan.rows.map((row) => rowState(row, loan)));
  const states = (["paid", "overdue", "next", "upcoming", "void"] as const).filter((s) =>
    seen.has(s),
  );
  return (
    <ul class="legend">
      {states.map((state) => (
        <Sample key={state} state={state} name={STATE_WORDS[state]} />
      ))}
    </ul>
  );
}

/** Reads out one instalment; dragging the slider or touching a bar chooses which. */
function Readout({ loan, row }: { loan: Loan; row: Row }) {
  const { currency } = loan;
  const spoken = t("chosen", {
    nr: row.nr,
    day: tDay(row.dueDay),
    due: tMoney(row.dueMinor, currency),
    state: t(STATE_WORDS[rowState(row, loan)]),
  });
  return (
    <div class="readout">
      {loan.rows.length > 1 && (
        <input
          type="range"
          min={1}
          max={loan.rows.length}
          value={row.nr}
          aria-label={t("chooseInstalment")}
          aria-valuetext={spoken}
          onInput={(event) => (chosenNr.value = event.currentTarget.valueAsNumber)}
        />
      )}
      <p class="readout-line">{spoken}</p>
      <p class="readout-parts">
        <span>
          <span class="swatch swatch-principal" />
          {t("principal")} <Money minor={row.principalMinor} currency={currency} />
        </span>
        <span>
          <span class="swatch swatch-interest" />
          {t("interest")} <Money minor={row.interestMinor} currency={currency} />
        </span>
      </p>
    </div>
  );
}

/** Keeps the chosen bar in sight where the picture is wider than its frame. */
function useChosenInSight(nr: number, count: number) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = frame.current;
    if (box) box.scrollLeft = ((nr - 0.5) / count) * box.scrollWidth - box.clientWidth / 2;
  }, [nr, count]);
  return frame;
}

export function SchedulePicture({ loan }: { loan: Loan }) {
  const nr = chosenNr.value ?? currentNr(loan);
  const frame = useChosenInSight(nr, loan.rows.length);
  const row = loan.rows.find((candidate) => candidate.nr === nr);
  return (
    <figure class="picture">
      <figcaption id="bars-name" class="announce">
        {t("pictureName")}
      </figcaption>
      <div ref={frame} class="bars-frame" tabIndex={0} role="group" aria-labelledby="bars-name">
        <Bars loan={loan} nr={nr} />
      </div>
      <p id="bars-summary" class="announce">
        {summaryOf(loan)}
      </p>
      {row && <Readout loan={loan} row={row} />}
      <Legend loan={loan} />
    </figure>
  );
}
