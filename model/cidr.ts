import { isIPv4, isIPv6 } from "node:net";

/** Ranges of addresses as CIDR: a network's address, a slash, and how many of its leading bits are the network's. */

export interface Cidr {
  family: 4 | 6;
  address: bigint;
  /** 0 to 32, or to 128 of IPv6. */
  length: number;
}

export const bitsOf = (family: Cidr["family"]): number => (family === 4 ? 32 : 128);

/** An address with or without a length; without one it is that address alone. Undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = "", length] = /^([0-9a-fA-F.:]+)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text) ?? [];
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined) return undefined;
  const bits = length === undefined ? bitsOf(family) : Number(length);
  if (bits > bitsOf(family)) return undefined;
  return { family, address: family === 4 ? valueOf(address.split("."), 8n, 10) : ipv6(address), length: bits };
}

const valueOf = (parts: readonly string[], width: bigint, base: 10 | 16): bigint =>
  parts.reduce((value, part) => (value << width) + BigInt(Number.parseInt(part, base)), 0n);

/** A URL's host is an IPv6 address in its shortest form, without a part in IPv4's form. */
const shortest = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

function ipv6(address: string): bigint {
  const [before = "", after] = shortest(address).split("::");
  const [head, tail] = [before, after ?? ""].map((half) => half.split(":").filter(Boolean)) as [string[], string[]];
  const middle = after === undefined ? [] : Array<string>(8 - head.length - tail.length).fill("0");
  return valueOf([...head, ...middle, ...tail], 16n, 16);
}

/** As Kubernetes writes it: always with its length, IPv6 in the shortest form. */
export function cidrText({ family, address, length }: Cidr): string {
  const [width, count] = family === 4 ? [8n, 4] : [16n, 8];
  const parts = Array.from({ length: count }, (_, i) => {
    const part = (address >> (width * BigInt(count - 1 - i))) & ((1n << width) - 1n);
    return part.toString(family === 4 ? 10 : 16);
  });
  return `${family === 4 ? parts.join(".") : shortest(parts.join(":"))}/${length}`;
}

/** The network that an address with a length is in. */
export function networkOf({ family, address, length }: Cidr): Cidr {
  const host = BigInt(bitsOf(family) - length);
  return { family, address: (address >> host) << host, length };
}

/** Whether the second range is a part of the first one, and smaller. */
export const isWithin = (outer: Cidr, inner: Cidr): boolean =>
  outer.family === inner.family &&
  inner.length > outer.length &&
  networkOf({ ...inner, length: outer.length }).address === outer.address;

/** An IPv4 address in IPv6's form, which Kubernetes refuses. */
export const isMapped = ({ family, address }: Cidr): boolean => family === 6 && address >> 32n === 0xffffn;
