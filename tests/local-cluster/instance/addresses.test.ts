import assert from "node:assert/strict";
import { chooseSlot, slotAddresses, slotConflict, SLOTS } from "../../../local-cluster/instance/addresses";

const everyOne = [...Array(SLOTS.count).keys()];

describe("address slots", () => {
  it("gives each slot four addresses of its own", () => {
    assert.deepEqual(slotAddresses(0), {
      slot: 0,
      host: "10.213.0.1",
      node: "10.213.0.2",
      prefix: 30,
      interface: "cstorage0",
    });
    assert.deepEqual(slotAddresses(63), {
      slot: 63,
      host: "10.213.0.253",
      node: "10.213.0.254",
      prefix: 30,
      interface: "cstorage63",
    });
    assert.equal(
      new Set(everyOne.flatMap((slot) => [slotAddresses(slot).host, slotAddresses(slot).node])).size,
      2 * SLOTS.count,
    );
    assert.ok(everyOne.every((slot) => slotAddresses(slot).interface.length <= 15));
  });

  const conflicts: [string, string, number, boolean][] = [
    ["an address of the slot", "10.213.0.5", 32, true],
    ["a network around it", "10.213.0.0", 24, true],
    ["a network of the whole range", "10.213.0.0", 16, true],
    ["another slot's network", "10.213.0.8", 30, false],
    ["a wider route, which gives way", "10.0.0.0", 8, false],
    ["another range", "192.168.1.0", 24, false],
  ];
  for (const [what, address, prefix, expected] of conflicts) {
    it(`${expected ? "sees" : "doesn't mind"} ${what}`, () => {
      const network = { address, prefix };
      assert.deepEqual(slotConflict(1, [network]), expected ? network : undefined);
    });
  }

  it("prefers the slot of before, else takes the first free one", () => {
    assert.equal(chooseSlot([], [], 7), 7);
    assert.equal(chooseSlot([], [0, 1]), 2);
    assert.equal(chooseSlot([], [0, 7], 7), 1);
    assert.equal(chooseSlot([{ address: slotAddresses(7).host, prefix: 30 }], [], 7), 0);
  });

  it("has none when all are taken", () => {
    assert.equal(chooseSlot([], everyOne), undefined);
    assert.equal(chooseSlot([{ address: "10.213.0.0", prefix: 16 }], []), undefined);
  });
});
