/** Addresses inside the app: `#/` and `#/loans/{loan}?token=...`. */

export type Route =
  | { readonly view: "start" }
  | { readonly view: "loan"; readonly loan: string }
  | { readonly view: "unknown" };

export interface Address {
  readonly route: Route;
  readonly token: string | null;
}

const LOAN_PATH = /^\/loans\/(0x[0-9a-fA-F]{64})$/;

function routeOf(path: string): Route {
  if (path === "" || path === "/") return { view: "start" };
  const loan = LOAN_PATH.exec(path)?.[1];
  return loan ? { view: "loan", loan: loan.toLowerCase() } : { view: "unknown" };
}

/** Reads a location's fragment, with or without its leading "#". */
export function readAddress(fragment: string): Address {
  const [path = "", query = ""] = fragment.replace(/^#/, "").split("?", 2);
  return { route: routeOf(path), token: new URLSearchParams(query).get("token") };
}

/** The same fragment without its query, fit for the address bar and the history. */
export function withoutToken(fragment: string): string {
  return fragment.split("?", 1)[0] ?? "";
}
