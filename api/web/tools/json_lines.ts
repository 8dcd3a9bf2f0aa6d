/** JSON with integers of any size: a bigint is written as the plain number it is. */
export function integersAsJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(integersAsJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${integersAsJson(field)}`,
  );
  return `{${fields.join(",")}}`;
}
