/**
 * The schedule on standard input and output, for whoever compares implementations.
 *
 * A line in: {"terms": {...}, "upfront_fee_minor"?, "instalment_minor"?, "rows"?: [[day, principal, interest]],
 * "priced"?: false}. Terms are named as in the Python twin; numbers may be decimal strings.
 * A line out: {"instalment_minor", "rows", "root", "apr_ppm", "all_in_ppm"} (a rate that there is not is null),
 * or {"refused": {"name", "values"}}, or {"malformed": field}.
 * `--no-prices` leaves both rates out.
 */
import { answer } from "./answer";
import { type Node, nodeProcess } from "./node";

/** Answers each line as soon as it is whole, all lines of a chunk at once. */
function serve({ argv, stdin, stdout }: Node): void {
  const withPrices = !argv.includes("--no-prices");
  let rest = "";
  stdin.setEncoding("utf8");
  stdin.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    const whole = lines.filter((line) => line.trim() !== "");
    stdout.write(whole.map((line) => `${answer(line, withPrices)}\n`).join(""));
  });
}

serve(nodeProcess);
