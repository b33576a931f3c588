import assert from "node:assert/strict";
import { UserError } from "../../../model/user-error";
import { node } from "../../../nodes/talos/node";
import { type FakeNode, FakeTalos, talosNode } from "./fake";

const address = "10.0.0.11";
const access = { talos: {}, ssh: { user: "root", port: 22, agent: false } };
const schematic = "b".repeat(64);
const image = `factory.talos.dev/installer/${schematic}:v1.13.2`;

describe("a step on a node that runs Talos", () => {
  let fake: FakeTalos;
  let said: string[];
  const before = { ...process.env };
  beforeEach(() => {
    fake = new FakeTalos();
    said = [];
    Object.assign(process.env, fake.env);
  });
  afterEach(() => {
    process.env = { ...before };
    fake.remove();
  });

  /** Carries out the only step of a config. `ready`: how the cluster stands each time it is asked. */
  async function carryOut(config: object, ...ready: { self: boolean; away: string[] }[]): Promise<number> {
    const [step] = node.steps(node.schema.parse({ type: "talos", ...config }), access);
    let asked = 0;
    await node.carryOut!({
      name: "worker-1",
      address,
      access,
      ...step!,
      say: (line) => said.push(line),
      ready: () => Promise.resolve(ready[Math.min(asked++, ready.length - 1)]!),
    });
    return asked;
  }
  const fine = { self: true, away: [] };
  const set = (more: Partial<FakeNode> = {}) => fake.set(address, talosNode(more));

  it("adds a mount of the kubelet once, and changes none that is there", async () => {
    set();
    await carryOut({ kubeletMounts: ["/var/mnt/longhorn"] }, fine);
    const mount = {
      destination: "/var/mnt/longhorn",
      type: "bind",
      source: "/var/mnt/longhorn",
      options: ["bind", "rshared", "rw"],
    };
    assert.deepEqual(fake.get(address).mounts, [mount]);
    await carryOut({ kubeletMounts: ["/var/mnt/longhorn"] }, fine);
    assert.equal(fake.changes().length, 1);
    assert.deepEqual(said, ["is ready", "is there already"]);
    set({ mounts: [{ ...mount, source: "/var/lib" }] });
    await assert.rejects(
      carryOut({ kubeletMounts: ["/var/mnt/longhorn"] }, fine),
      new UserError(
        "/var/mnt/longhorn is mounted from /var/lib, and the update changes no mount that is there. Correct " +
          "machine.kubelet.extraMounts by hand: talosctl -n NODE edit machineconfig --mode no-reboot",
      ),
    );
    assert.equal(fake.changes().length, 1);
  });

  it("installs an image, is done only when the node is Ready, and does nothing the next time", async () => {
    set({ inImage: { [schematic]: ["iscsi-tools"] } });
    const config = { image, extensions: ["iscsi-tools"], upgrade: true };
    // Before the upgrade; then once not yet Ready, and Ready.
    assert.equal(await carryOut(config, fine, { self: false, away: [] }, fine), 3);
    assert.deepEqual(
      fake.changes().map((argv) => argv.slice(2)),
      [["upgrade", "--image", image, "--wait", "--timeout", "25m"]],
    );
    assert.deepEqual(fake.get(address).extensions, ["iscsi-tools"]);
    await carryOut(config, fine);
    assert.equal(fake.changes().length, 1);
    assert.deepEqual(said, ["is installed, and the node is Ready", "is there already"]);
  });

  it("restarts no node while it or another isn't Ready", async () => {
    set();
    const upgrade = (ready: { self: boolean; away: string[] }) => carryOut({ image, upgrade: true }, ready);
    await assert.rejects(
      upgrade({ self: true, away: ["worker-2"] }),
      new UserError(
        "worker-2 is not Ready, and a node is restarted only while all others are. Bring the others back first",
      ),
    );
    await assert.rejects(
      upgrade({ self: false, away: [] }),
      new UserError("the node is not Ready, and is not restarted until it is"),
    );
    assert.deepEqual(fake.changes(), []);
  });
});
