import { describe, expect, test } from "vitest";
import { cases, types } from "../../../tests/golden/agreements.json";
import { readAgreement } from "../src/agreement";
import { type Json, UnexpectedAnswer } from "../src/json";
import { golden, goldenLoan } from "./golden";

type TypedData = (typeof golden)["typed_data"];

const primaryType = "Agreement";
const signed = { types, primaryType, ...cases[0]! } as TypedData;

test.each(cases)("the digest of $name is the one that Python signs", ({ digest, ...data }) => {
  expect(readAgreement({ types, primaryType, ...data } as Json).digest).toBe(digest);
});

test("the digest of the golden loan's agreement is its id", () => {
  expect(goldenLoan().agreement.digest).toBe(golden.loan);
});

test.each(Object.keys(signed.message))("another %s makes another digest", (key) => {
  const value = signed.message[key as keyof TypedData["message"]];
  const other =
    typeof value === "number" ? value ^ 1 : value.replace(/.$/, (d) => (d === "0" ? "1" : "0"));
  const read = () => readAgreement({ ...signed, message: { ...signed.message, [key]: other } });
  const unsupported = ["periodUnit", "method", "dayCount"].includes(key);
  if (!unsupported || other === 1) expect(read().digest).not.toBe(readAgreement(signed).digest);
});

test("capitals in hexadecimal numbers are the same numbers", () => {
  const capitals = (hex: string) => `0x${hex.slice(2).toUpperCase()}`;
  const { message, domain } = signed;
  const spelt = {
    ...signed,
    domain: { ...domain, verifyingContract: capitals(domain.verifyingContract) },
    message: { ...message, borrower: capitals(message.borrower), salt: capitals(message.salt) },
  };
  expect(readAgreement(spelt)).toEqual(readAgreement(signed));
});

test("numbers as decimal texts are the same numbers", () => {
  const message = { ...signed.message, ratePpm: "144000", timeZoneMinutes: "480" };
  expect(readAgreement({ ...signed, message })).toEqual(readAgreement(signed));
});

describe("another shape is refused by name", () => {
  const { domain, message } = signed;
  const { salt: _, ...unsalted } = message;
  const members = types.Agreement;
  const swapped = [members[0]!, members[2]!, members[1]!, ...members.slice(3)];
  const joint = [{ name: "borrower,address lender", type: "address" }, ...members.slice(2)];

  test.each<[string, object]>([
    ["types", { types: null }],
    ["types", { types: { ...types, Person: [] } }],
    ["types", { types: { Agreement: members } }],
    ["EIP712Domain", { types: { ...types, EIP712Domain: types.EIP712Domain.slice(1) } }],
    ["Agreement", { types: { ...types, Agreement: members.slice(1) } }],
    ["Agreement", { types: { ...types, Agreement: swapped } }],
    ["Agreement", { types: { ...types, Agreement: [...members, members[0]] } }],
    ["Agreement", { types: { ...types, Agreement: joint } }],
    ["primaryType", { primaryType: "Payment" }],
    ["domain", { domain: { ...domain, salt: message.salt } }],
    ["domain.name", { domain: { ...domain, name: "Tallystock" } }],
    ["domain.version", { domain: { ...domain, version: "2" } }],
    ["chainId", { domain: { ...domain, chainId: "1337421" } }],
    ["verifyingContract", { domain: { ...domain, verifyingContract: "0x12" } }],
    ["message", { message: unsalted }],
    ["message", { message: { ...message, bonus: 1 } }],
    ["message", { message: { ...unsalted, pepper: message.salt } }],
    ["salt", { message: { ...message, salt: `${message.salt}00` } }],
    ["borrower", { message: { ...message, borrower: message.salt } }],
    ["deadline", { message: { ...message, deadline: -1 } }],
    ["deadline", { message: { ...message, deadline: (2n ** 256n).toString() } }],
    ["deadline", { message: { ...message, deadline: 2 ** 53 } }],
    ["deadline", { message: { ...message, deadline: "0x10" } }],
    ["deadline", { message: { ...message, deadline: "010" } }],
    ["timeZoneMinutes", { message: { ...message, timeZoneMinutes: (2n ** 255n).toString() } }],
    ["timeZoneMinutes", { message: { ...message, timeZoneMinutes: `-${2n ** 255n + 1n}` } }],
    ["ratePpm", { message: { ...message, ratePpm: 0.5 } }],
    ["rate_ppm", { message: { ...message, ratePpm: "9007199254740993" } }],
    ["method", { message: { ...message, method: 7 } }],
  ])("%s (%#)", (field, change) => {
    const read = () => readAgreement({ ...signed, ...change });
    expect(read).toThrow(UnexpectedAnswer);
    expect(read).toThrow(`"${field}"`);
  });
});
