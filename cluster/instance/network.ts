import { run } from "./command";
import { slotAddresses, SLOTS, type Network, type SlotAddresses } from "./addresses";
import { waitFor } from "./processes";

interface Link {
  ifname: string;
  ifalias?: string;
}

/** Addresses and routes of the machine. */
export async function machineNetworks(): Promise<Network[]> {
  const [addresses, routes] = await Promise.all([json("-4", "address", "show"), json("-4", "route", "show", "table", "all")]);
  const assigned = addresses.flatMap(({ addr_info }) => addr_info.map(({ local, prefixlen }: any) => ({ address: local, prefix: prefixlen })));
  return [...assigned, ...routes.map(({ dst }) => parse(dst)).filter((network) => network !== undefined)];
}

/** Slots whose interface's name is there already, whoever made it. */
export async function takenNames(): Promise<number[]> {
  const names = (await allLinks()).map(({ ifname }) => ifname);
  return [...Array(SLOTS.count).keys()].filter((slot) => names.includes(slotAddresses(slot).interface));
}

/** Lays the cable between the machine and the namespace of the process `init`; the alias says whose it is. */
export async function connectNamespace(slot: SlotAddresses, init: number, dir: string): Promise<void> {
  await run("ip", ["link", "add", slot.interface, "alias", dir, "type", "veth", "peer", "name", "eth0", "netns", String(init)]);
  await run("ip", ["address", "add", `${slot.host}/${slot.prefix}`, "dev", slot.interface]);
  await run("ip", ["link", "set", slot.interface, "up"]);
}

/** Interfaces of the machine that belong to the instance in `dir`. */
export async function ownLinks(dir: string): Promise<string[]> {
  return (await allLinks()).filter(({ ifalias }) => ifalias === dir).map(({ ifname }) => ifname);
}

/** The kernel takes the cable down with the namespace, a moment later; what stays after that is removed. */
export async function disconnect(dir: string): Promise<void> {
  if (await waitFor(3, async () => (await ownLinks(dir)).length === 0)) return;
  for (const link of await ownLinks(dir)) await run("ip", ["link", "delete", link]).catch(() => undefined);
  if (!(await waitFor(3, async () => (await ownLinks(dir)).length === 0))) throw new Error(`the interface ${await ownLinks(dir)} does not go away`);
}

function allLinks(): Promise<Link[]> {
  return json("link", "show");
}

async function json(...args: string[]): Promise<any[]> {
  return JSON.parse((await run("ip", ["-json", ...args])) || "[]");
}

/** `default` and unreachable routes have no network of their own. */
function parse(destination: string): Network | undefined {
  const [address = "", prefix = "32"] = destination.split("/");
  return /^[\d.]+$/.test(address) ? { address, prefix: Number(prefix) } : undefined;
}
