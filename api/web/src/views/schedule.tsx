import { t } from "../language";
import type { Loan } from "../loan";
import type { Recount } from "../recount";
import { RecountLine } from "./recount";
import { SchedulePicture } from "./schedule_picture";
import { ScheduleTable } from "./schedule_table";
import { Shape } from "./shape";

/** Every instalment, as a picture to grasp and a table to check. */
export function Schedule({ loan, found }: { loan: Loan; found: Recount }) {
  return (
    <section class="card" aria-labelledby="schedule-title">
      <h2 id="schedule-title">{t("scheduleTitle")}</h2>
      <Shape loan={loan} />
      <RecountLine loan={loan} found={found} />
      <SchedulePicture loan={loan} />
      <ScheduleTable loan={loan} />
    </section>
  );
}
