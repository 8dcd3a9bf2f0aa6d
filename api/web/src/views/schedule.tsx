import { t } from "../language";
import type { Loan } from "../loan";
import { SchedulePicture } from "./schedule_picture";
import { ScheduleTable } from "./schedule_table";

/** Every instalment, as a picture to grasp and a table to check. */
export function Schedule({ loan }: { loan: Loan }) {
  return (
    <section class="card" aria-labelledby="schedule-title">
      <h2 id="schedule-title">{t("scheduleTitle")}</h2>
      <SchedulePicture loan={loan} />
      <ScheduleTable loan={loan} />
    </section>
  );
}
