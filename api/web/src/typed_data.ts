/**
 * EIP-712 typed data of Tallystick, and the digest that is signed of it. Only structs whose members are
 * single words of known names and types are read; any other shape is refused by name.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Json, UnexpectedAnswer, integer, items, object, text } from "./json";
import { toHex, words } from "./schedule";

export type NumberType = "uint256" | "int256";
export type HexType = "address" | "bytes32";
/** A struct's members and their types, in the order in which they are hashed. */
export type Members = Readonly<Record<string, NumberType | HexType>>;
/** Numbers exact, addresses and bytes as 0x and small digits. */
export type Message<M extends Members> = {
  readonly [K in keyof M]: M[K] extends NumberType ? bigint : string;
};

/** What was signed, for which contract on which chain. */
export interface TypedData<M extends Members> {
  readonly chainId: number;
  readonly verifyingContract: string;
  readonly message: Message<M>;
  /** keccak256(0x1901 ++ domain separator ++ struct hash) */
  readonly digest: string;
}

const DOMAIN_NAME = "Tallystick";
const DOMAIN_VERSION = "1";
const DOMAIN_TYPES = {
  name: "string",
  version: "string",
  chainId: "uint256",
  verifyingContract: "address",
} as const;
const PREFIX = [0x19, 0x01];

const RANGES: Readonly<Record<NumberType, readonly [bigint, bigint]>> = {
  uint256: [0n, 2n ** 256n - 1n],
  int256: [-(2n ** 255n), 2n ** 255n - 1n],
};
const HEX: Readonly<Record<HexType, RegExp>> = {
  address: /^0x[0-9a-f]{40}$/i,
  bytes32: /^0x[0-9a-f]{64}$/i,
};
/** Numbers beyond 2^53 come as decimal texts. */
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,77})$/;

/** Reads a struct's typed data; throws {@link UnexpectedAnswer} naming the first part that is not as agreed. */
export function readTypedData<M extends Members>(
  source: Json,
  name: string,
  members: M,
): TypedData<M> {
  requireTypes(object(source["types"], "types"), name, members);
  if (text(source, "primaryType") !== name) throw new UnexpectedAnswer("primaryType");
  const { chainId, verifyingContract } = readDomain(object(source["domain"], "domain"));
  const message = readMessage(object(source["message"], "message"), members);
  const signed = [
    Uint8Array.from(PREFIX),
    structHash("EIP712Domain", DOMAIN_TYPES, [
      keccakOf(DOMAIN_NAME),
      keccakOf(DOMAIN_VERSION),
      BigInt(chainId),
      BigInt(verifyingContract),
    ]),
    structHash(name, members, Object.values<bigint | string>(message).map(BigInt)),
  ];
  return { chainId, verifyingContract, message, digest: toHex(keccak_256(joined(signed))) };
}

/** The types must be exactly these: what a name means is not for the answer to say. */
function requireTypes(types: Json, name: string, members: Members): void {
  requireKeys(types, ["EIP712Domain", name], "types");
  requireMembers(types, "EIP712Domain", DOMAIN_TYPES);
  requireMembers(types, name, members);
}

function requireMembers(types: Json, struct: string, members: Readonly<Record<string, string>>) {
  const [told, expected] = [items(types, struct), Object.entries(members)];
  const same = expected.every(([name, type], at) => {
    const member = told[at];
    return member !== undefined && member["name"] === name && member["type"] === type;
  });
  if (!same || told.length !== expected.length) throw new UnexpectedAnswer(struct);
}

function requireKeys(source: Json, keys: readonly string[], name: string): void {
  const known = keys.every((key) => key in source);
  if (!known || Object.keys(source).length !== keys.length) throw new UnexpectedAnswer(name);
}

function readDomain(domain: Json): { chainId: number; verifyingContract: string } {
  requireKeys(domain, Object.keys(DOMAIN_TYPES), "domain");
  if (domain["name"] !== DOMAIN_NAME) throw new UnexpectedAnswer("domain.name");
  if (domain["version"] !== DOMAIN_VERSION) throw new UnexpectedAnswer("domain.version");
  const verifyingContract = readHex(domain, "verifyingContract", "address");
  return { chainId: integer(domain, "chainId"), verifyingContract };
}

function readMessage<M extends Members>(message: Json, members: M): Message<M> {
  requireKeys(message, Object.keys(members), "message");
  const values = Object.entries(members).map(([key, type]) => [
    key,
    readMember(message, key, type),
  ]);
  return Object.fromEntries(values) as Message<M>;
}

function readMember(message: Json, key: string, type: NumberType | HexType): bigint | string {
  return type === "address" || type === "bytes32"
    ? readHex(message, key, type)
    : readNumber(message, key, type);
}

function readHex(source: Json, key: string, type: HexType): string {
  const value = text(source, key);
  if (!HEX[type].test(value)) throw new UnexpectedAnswer(key);
  return value.toLowerCase();
}

function readNumber(source: Json, key: string, type: NumberType): bigint {
  const told = source[key];
  const value =
    typeof told === "string" && DECIMAL.test(told) ? BigInt(told) : BigInt(integer(source, key));
  const [least, most] = RANGES[type];
  if (value < least || value > most) throw new UnexpectedAnswer(key);
  return value;
}

function structHash(
  name: string,
  members: Readonly<Record<string, string>>,
  values: readonly bigint[],
): Uint8Array {
  const told = Object.entries(members).map(([member, type]) => `${type} ${member}`);
  return keccak_256(words(keccakOf(`${name}(${told.join()})`), ...values));
}

function keccakOf(message: string): bigint {
  return BigInt(toHex(keccak_256(new TextEncoder().encode(message))));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
