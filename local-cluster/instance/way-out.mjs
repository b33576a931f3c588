import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import { BlockList, connect, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

/** The port of every registry in the catalogue. Any other port is not a pull. */
const PORT = 443;

/** What the internet's routers carry to nobody or to this machine's own network; IANA's special-purpose registries. */
const inside = new BlockList();
for (const network of [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
  // Of IPv6 only 2000::/3 is given to anybody. These parts of it lead elsewhere: some carry an IPv4 address.
  ...["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"],
]) {
  const [address = "", prefix] = network.split("/");
  inside.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
}
const given = new BlockList();
given.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an address is another machine's on the internet: not loopback, private, link-local, multicast or one of
 * `own`, the machine's addresses. An IPv6 address that carries an IPv4 address never is.
 * @param {string} address
 * @param {string[]} [own] default: of this machine's interfaces now
 */
export function isOutside(address, own = ownAddresses()) {
  const version = isIP(address);
  if (version === 0 || own.includes(address)) return false;
  if (version === 4) return !inside.check(address, "ipv4");
  return given.check(address, "ipv6") && !inside.check(address, "ipv6");
}

function ownAddresses() {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}

/**
 * The name that a client may be connected to. Throws with the reason where the target is not a full name outside.
 * @param {string} target name:port
 */
function nameIn(target) {
  const [, name = "", port] = /^([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?:(\d+)$/i.exec(target) ?? [];
  const last = name.toLowerCase().split(".").at(-1) ?? "";
  if (!name || isIP(name) || /^(\d+|0x[0-9a-f]*)$/.test(last))
    throw new Error("the target is not a full name and a port");
  if (["localhost", "local", "internal", "localdomain", "home", "lan"].includes(last))
    throw new Error(`${name} is not a name of the internet`);
  if (Number(port) !== PORT) throw new Error(`port ${port} is closed; only ${PORT} is open`);
  return name;
}

/**
 * @typedef {import("node:net").Socket} Socket
 * @typedef {{ address: string, family: number }} Address
 * @typedef {object} Ways
 * @property {(name: string) => Promise<Address[]>} resolve
 * @property {(name: string, addresses: Address[]) => Promise<Socket>} open connects to one of exactly these addresses
 * @property {(name: string) => Promise<Socket>} [through] the machine's proxy, which resolves names itself
 * @property {(address: string) => boolean} isOutside
 */

/** @type {Ways} */
const direct = { resolve: (name) => lookup(name, { all: true }), open: openChecked, isOutside };

/**
 * A proxy that carries `CONNECT name:443` to names outside, for one client: the connections of every other address end
 * before a word is read.
 * @param {string} client the only address that may connect
 * @param {Partial<Ways>} [changed] what differs from a direct way
 */
export function wayOut(client, changed = {}) {
  const ways = { ...direct, ...changed };
  const server = createServer((_request, response) => response.writeHead(405).end("CONNECT only\n"));
  server.on("connection", (socket) => void (socket.remoteAddress === client || socket.destroy()));
  server.on(
    "connect",
    (asked, socket, head) => void carry(asked.url ?? "", /** @type {Socket} */ (socket), head, ways),
  );
  return server;
}

/** @type {(target: string, client: Socket, head: Buffer, ways: Ways) => Promise<void>} */
async function carry(target, client, head, ways) {
  client.on("error", () => client.destroy());
  let name;
  try {
    name = nameIn(target);
  } catch (error) {
    return refuse(client, "403 Forbidden", error);
  }
  try {
    const remote = await reach(name, ways);
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    remote.write(head);
    remote
      .on("error", () => client.destroy())
      .on("close", () => client.destroy())
      .pipe(client);
    client.on("close", () => remote.destroy()).pipe(remote);
    if (client.destroyed) remote.destroy();
  } catch (error) {
    refuse(client, error instanceof NotOutside ? "403 Forbidden" : "502 Bad Gateway", error);
  }
}

class NotOutside extends Error {}

/** @type {(name: string, ways: Ways) => Promise<Socket>} */
async function reach(name, { resolve, open, through, isOutside }) {
  // Behind a proxy, names of the internet may be unknown here. What is known is judged, for the proxy may be as well
  // connected as this machine.
  const none = /** @type {Address[]} */ ([]);
  const found = through
    ? await Promise.race([resolve(name).catch(() => none), delay(1000, none)])
    : await resolve(name);
  const outside = found.filter(({ address }) => isOutside(address));
  if (found.length > 0 && outside.length === 0)
    throw new NotOutside(`${name} is ${found.map(({ address }) => address).join(" and ")}, which is not outside`);
  return through ? through(name) : open(name, outside);
}

/** @type {(client: Socket, status: string, error: unknown) => void} */
function refuse(client, status, error) {
  client.end(`HTTP/1.1 ${status}\r\n\r\n${error instanceof Error ? error.message : ""}\n`);
}

/** Connects to the addresses that were judged: a second answer of the name server could be another one. */
/** @type {Ways["open"]} */
function openChecked(name, addresses) {
  return new Promise((resolve, reject) => {
    const [first] = addresses;
    const socket = connect({
      host: name,
      port: PORT,
      lookup: (_name, { all }, done) =>
        all ? done(null, addresses) : done(null, /** @type {any} */ (first?.address), first?.family),
    });
    socket.once("connect", () => resolve(socket.off("error", reject))).once("error", reject);
  });
}
