/**
 * The schedule a third time, beside Solidity and Python: the same rows to the minor unit, the same refusals,
 * the same root, on the borrower's own device. Pure, and without floating point in money.
 */
export { allInRatePpm } from "./all_in";
export { type Flow, type NoRate, RateUndefined, euAprPpm, scheduleAprPpm } from "./apr";
export { toHex, words } from "./bytes";
export { anchoredDay, civil, dayOfIso, monthLength } from "./calendar";
export { DayCount, interest, yearShare } from "./day_count";
export { derive } from "./derive";
export { levelInstalment } from "./instalment";
export { TICKS_A_YEAR } from "./intervals";
export { type Digest, proofRoot, scheduleRoot, tableProof } from "./merkle";
export * from "./refusals";
export { Levelling, Residue, RoundingMode, divide, readRounding } from "./rounding";
export { type ScheduleRow, rowTotalMinor, rowWord } from "./row";
export { verifyTable } from "./table";
export * from "./terms";
