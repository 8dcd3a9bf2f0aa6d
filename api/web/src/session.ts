/** The session token of this tab and the address the tab is at. */
import { signal } from "@preact/signals";
import { type Route, readAddress, withoutToken } from "./route";

const TOKEN_KEY = "tallystick.token";
const LOAN_KEY = "tallystick.loan";

export const route = signal<Route>({ view: "start" });

export function token(): string | null {
  return sessionStorage.getItem(TOKEN_KEY);
}

/** The loan last opened in this tab. */
export function lastLoan(): string | null {
  return token() === null ? null : sessionStorage.getItem(LOAN_KEY);
}

/** Takes a token out of the address bar and its history entry, then follows the address. */
export function followAddress(): void {
  const address = readAddress(location.hash);
  if (address.token) {
    sessionStorage.setItem(TOKEN_KEY, address.token);
    history.replaceState(null, "", withoutToken(location.hash));
  }
  if (address.route.view === "loan") sessionStorage.setItem(LOAN_KEY, address.route.loan);
  route.value = address.route;
}
