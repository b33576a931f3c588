import { BlockList } from "node:net";

/** Addresses and names of one slot: a point-to-point network between the machine and an instance. */
export interface SlotAddresses {
  slot: number;
  /** The machine's end. */
  host: string;
  /** The instance's end; the API server listens here. */
  node: string;
  prefix: number;
  /** Name of the machine's end of the cable; at most 15 characters. */
  interface: string;
}

/** An address or route that the machine has already. */
export interface Network {
  address: string;
  prefix: number;
}

/** Every instance has its own network namespace, so all instances can use the same ranges. */
export const PODS = { range: "10.244.0.0/16", gateway: "10.244.0.1", prefix: 16 };
export const SERVICES = { range: "10.96.0.0/16", kubernetes: "10.96.0.1" };

/** The machine's side: slots of four addresses each. */
export const SLOTS = { range: "10.213.0.0/16", count: 64, prefix: 30 };

/** The addresses of slot 0 to `SLOTS.count - 1`. */
export function slotAddresses(slot: number): SlotAddresses {
  const base = slot * 4;
  const address = (offset: number) => `10.213.${base >> 8}.${(base & 255) + offset}`;
  return { slot, host: address(1), node: address(2), prefix: SLOTS.prefix, interface: `cstorage${slot}` };
}

/** The machine's network that uses one of the slot's addresses. Routes wider than /16, such as a VPN's, don't count. */
export function slotConflict(slot: number, present: Network[]): Network | undefined {
  const { host, node } = slotAddresses(slot);
  return present.find(({ address, prefix }) => {
    if (prefix < 16) return false;
    const used = new BlockList();
    used.addSubnet(address, prefix);
    return used.check(host) || used.check(node);
  });
}

/**
 * The slot to use: the one that the instance had before if it is still free, else the first free one.
 * `taken` are the slots of other instances. Undefined when no slot is free.
 */
export function chooseSlot(present: Network[], taken: number[], before?: number): number | undefined {
  const all = [...Array(SLOTS.count).keys()];
  const candidates = before === undefined ? all : [before, ...all];
  return candidates.find((slot) => !taken.includes(slot) && !slotConflict(slot, present));
}
