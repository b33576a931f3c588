import assert from "node:assert/strict";
import { cidrText, isMapped, isWithin, networkOf, parseCidr } from "../../model/cidr";
import { parsePort } from "../../model/port-range";

describe("a range of addresses", () => {
  const written: [string, string | undefined][] = [
    ["192.168.1.0/24", "192.168.1.0/24"],
    ["192.168.1.20", "192.168.1.20/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["::/0", "::/0"],
    ["FD00:0001:0:0::/64", "fd00:1::/64"],
    ["2001:db8::1", "2001:db8::1/128"],
    ["fe80::1:0:0:1/128", "fe80::1:0:0:1/128"],
    ["192.168.1.0/33", undefined],
    ["192.168.1.0/024", undefined],
    ["192.168.01.0/24", undefined],
    ["192.168.1/24", undefined],
    ["192.168.1.0/255.255.255.0", undefined],
    ["fd00::/129", undefined],
    ["fe80::1%eth0/64", undefined],
    ["smtp.example.com", undefined],
    [" 10.0.0.0/8", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of written)
    it(`"${text}" is ${expected ?? "none"}`, () => {
      const cidr = parseCidr(text);
      assert.equal(cidr && cidrText(cidr), expected);
    });

  const networks: [string, string][] = [
    ["192.168.1.77/24", "192.168.1.0/24"],
    ["10.255.255.255/9", "10.128.0.0/9"],
    ["1.2.3.4/0", "0.0.0.0/0"],
    ["fd00:1:2:3:4::5/64", "fd00:1:2:3::/64"],
    ["2001:db8::1/128", "2001:db8::1/128"],
  ];
  for (const [text, network] of networks)
    it(`${text} is in ${network}`, () => assert.equal(cidrText(networkOf(parseCidr(text)!)), network));

  const parts: [string, string, boolean][] = [
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.0.0.0/8", "10.0.0.0/8", false],
    ["10.0.0.0/8", "11.0.0.0/16", false],
    ["::/0", "10.0.0.0/8", false],
    ["fd00::/8", "fd12::/16", true],
  ];
  for (const [outer, inner, expected] of parts)
    it(`${inner} ${expected ? "is" : "is not"} a part of ${outer}`, () =>
      assert.equal(isWithin(parseCidr(outer)!, parseCidr(inner)!), expected));

  it("knows an IPv4 address in IPv6's form", () => {
    assert.equal(isMapped(parseCidr("::ffff:10.0.0.1")!), true);
    assert.equal(isMapped(parseCidr("::1")!), false);
  });
});

describe("a port of the config", () => {
  const table: [unknown, object | undefined][] = [
    [587, { protocol: "TCP", port: 587 }],
    ["587", { protocol: "TCP", port: 587 }],
    ["53/udp", { protocol: "UDP", port: 53 }],
    ["53/UDP", { protocol: "UDP", port: 53 }],
    ["5000-5010", { protocol: "TCP", port: 5000, endPort: 5010 }],
    ["5000-5010/sctp", { protocol: "SCTP", port: 5000, endPort: 5010 }],
    ["5000-5000", { protocol: "TCP", port: 5000 }],
    ["5010-5000", undefined],
    ["0587", undefined],
    [0, undefined],
    [65_536, undefined],
    ["1-65536", undefined],
    [1.5, undefined],
    ["smtp", undefined],
    ["587/http", undefined],
    [true, undefined],
  ];
  for (const [value, expected] of table)
    it(`${JSON.stringify(value)} is ${expected ? JSON.stringify(expected) : "none"}`, () =>
      assert.deepEqual(parsePort(value), expected));
});
