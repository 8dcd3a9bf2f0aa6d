import { expect, test } from "vitest";
import { readAddress, withoutToken } from "../src/route";

const LOAN = `0x${"ab".repeat(32)}`;

test("a loan's link gives the loan and the token", () => {
  expect(readAddress(`#/loans/${LOAN}?token=t%2B1`)).toEqual({
    route: { view: "loan", loan: LOAN },
    token: "t+1",
  });
});

test("nothing of the token stays in the address", () => {
  expect(withoutToken(`#/loans/${LOAN}?token=secret`)).toBe(`#/loans/${LOAN}`);
  expect(withoutToken("#/?token=secret")).toBe("#/");
});

test.each(["", "#", "#/", "#/?token=t"])("%j is the start view", (fragment) => {
  expect(readAddress(fragment).route).toEqual({ view: "start" });
});

test.each(["#/loans/", "#/loans/0x12", `#/loans/${LOAN}00`, "#/loans/../x", "#/other"])(
  "%j is no page",
  (fragment) => {
    expect(readAddress(fragment).route).toEqual({ view: "unknown" });
  },
);

test("a loan's number is the same in capitals", () => {
  expect(readAddress(`#/loans/0x${"AB".repeat(32)}`).route).toEqual({ view: "loan", loan: LOAN });
});
