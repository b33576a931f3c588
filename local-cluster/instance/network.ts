import { run } from "./command";
import { slotAddresses, SLOTS, type Network, type SlotAddresses } from "./addresses";
import { waitFor } from "./processes";

interface Link {
  ifname: string;
  ifalias?: string;
}

interface Assigned {
  addr_info: { local: string; prefixlen: number }[];
}

/** Addresses and routes of the machine. */
export async function machineNetworks(): Promise<Network[]> {
  const [addresses, routes] = await Promise.all([
    json<Assigned>("-4", "address", "show"),
    json<{ dst: string }>("-4", "route", "show", "table", "all"),
  ]);
  const assigned = addresses.flatMap(({ addr_info }) =>
    addr_info.map(({ local, prefixlen }) => ({ address: local, prefix: prefixlen })),
  );
  return [...assigned, ...routes.map(({ dst }) => parse(dst)).filter((network) => network !== undefined)];
}

/** Slots whose interface name exists already, no matter who created it. */
export async function takenNames(): Promise<number[]> {
  const names = (await allLinks()).map(({ ifname }) => ifname);
  return [...Array(SLOTS.count).keys()].filter((slot) => names.includes(slotAddresses(slot).interface));
}

/** Lays the cable between the machine and the namespace of the process `init`. The alias names the cable's instance. */
export async function connectNamespace(slot: SlotAddresses, init: number, dir: string): Promise<void> {
  await run("ip", ["link", "add", slot.interface, "type", "veth", "peer", "name", "eth0", "netns", String(init)]);
  // A start that is killed before this line leaves a cable without an alias. The kernel removes it with its namespace.
  await run("ip", ["link", "set", slot.interface, "alias", aliasOf(dir)]);
  await run("ip", ["address", "add", `${slot.host}/${slot.prefix}`, "dev", slot.interface]);
  await run("ip", ["link", "set", slot.interface, "up"]);
}

/** Interfaces of the machine that belong to the instance in `dir`. */
export async function ownLinks(dir: string): Promise<string[]> {
  return (await allLinks()).filter(({ ifalias }) => ifalias === aliasOf(dir)).map(({ ifname }) => ifname);
}

/** The kernel removes the cable together with the namespace, but not at once. */
export async function disconnect(dir: string): Promise<void> {
  const gone = await waitFor(10, async () => {
    const links = await ownLinks(dir);
    for (const link of links) await run("ip", ["link", "delete", link]).catch(() => undefined);
    return links.length === 0;
  });
  if (!gone) throw new Error(`the network interface ${(await ownLinks(dir)).join(", ")} could not be removed`);
}

/** The kernel keeps at most 255 bytes of an alias. */
function aliasOf(dir: string): string {
  return dir.slice(-255);
}

function allLinks(): Promise<Link[]> {
  return json<Link>("link", "show");
}

async function json<T>(...args: string[]): Promise<T[]> {
  return JSON.parse((await run("ip", ["-json", ...args])) || "[]") as T[];
}

/** `default` and unreachable routes have no network of their own. */
function parse(destination: string): Network | undefined {
  const [address = "", prefix = "32"] = destination.split("/");
  return /^[\d.]+$/.test(address) ? { address, prefix: Number(prefix) } : undefined;
}
