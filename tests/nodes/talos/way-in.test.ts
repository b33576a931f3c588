import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Hidden } from "../../../model/hidden";
import { NodeAway, type TalosAccess } from "../../../model/node-preparation";
import { node } from "../../../nodes/talos/node";
import { FakeTalos, talosNode } from "./fake";

const settings = node.schema.parse({ type: "talos" });
const ssh = { user: "root", port: 22, agent: false };

describe("what keeps a node that runs Talos from being asked", () => {
  let fake: FakeTalos;
  const before = { ...process.env };
  beforeEach(() => {
    fake = new FakeTalos();
    Object.assign(process.env, fake.env);
    fake.set("10.0.0.11", talosNode());
  });
  afterEach(() => {
    process.env = { ...before };
    fake.remove();
  });
  const ask = (name = "worker-1", talos: TalosAccess = {}) =>
    node.ask({ name, address: "10.0.0.11", access: { talos, ssh } }, settings);
  const saying = (text: string) => fake.set("10.0.0.11", talosNode({ says: text }));
  const rpc = (text: string) => `rpc error: code = Unavailable desc = connection error: desc = "${text}"`;

  it("is another node at its address", () =>
    assert.rejects(
      ask("worker-2"),
      new NodeAway(
        "Talos at 10.0.0.11 is the node worker-1 and not worker-2; correct the address, or the node's name in " +
          "cluster-storage:nodes",
      ),
    ));

  it("is a talosconfig that isn't there; ~ is the home directory", async () => {
    await assert.rejects(
      ask("worker-1", { configFile: "~/not/there" }),
      new NodeAway(`the talosconfig ${join(homedir(), "not/there")} is not there; correct nodeAccess.talos.configFile`),
    );
    assert.deepEqual(fake.calls(), []);
    const mine = join(fake.folder, "mine");
    writeFileSync(mine, "context: home\n");
    await ask("worker-1", { configFile: mine });
    assert.ok(fake.calls().every(({ argv }) => argv[1] === mine));
  });

  it("is a talosctl that isn't on the PATH", async () => {
    process.env.PATH = join(fake.folder, "nothing");
    await assert.rejects(ask(), new NodeAway("talosctl is not on the PATH of this machine; install it"));
  });

  it("is a talosconfig that can't be decrypted here, which is known as such", () =>
    assert.rejects(
      ask("worker-1", { config: new Hidden() }),
      new NodeAway(
        "the talosconfig is a secret of the stack, which only pulumi preview and pulumi up can decrypt",
        true,
      ),
    ));

  for (const [text, why] of [
    [
      rpc("error reading server preface: remote error: tls: expired certificate"),
      "the certificate in the talosconfig has expired, or one of the two clocks is wrong; make a new one with a " +
        "talosconfig that is still good: talosctl config new",
    ],
    [
      rpc(
        "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by " +
          "unknown authority",
      ),
      "the talosconfig is of another Talos cluster, or the node was not configured yet; name its own in " +
        "nodeAccess.talos",
    ],
    [
      "rpc error: code = PermissionDenied desc = not authorized",
      "the talosconfig's role is too small; it has to be os:admin",
    ],
  ] as const)
    it(`is told in words: ${text.slice(-40)}`, () => {
      saying(text);
      return assert.rejects(
        ask(),
        new NodeAway(`talosctl got no answer for worker-1 at 10.0.0.11: ${why} (error: ${text})`),
      );
    });

  for (const [resource, half] of [
    ["discoveredvolumes", "node: 10.0.0.11\nmetadata:\n    id: sdb\nspec:\n    dev_path: '/dev/s"],
    ["discoveredvolumes", "node: 10.0.0.11\nmetadata:\n    id: sdb\n"],
  ] as const)
    it(`is an answer that was cut off: ${JSON.stringify(half.slice(-12))}`, () => {
      fake.set("10.0.0.11", talosNode({ half: { [resource]: half } }));
      return assert.rejects(
        ask(),
        new NodeAway(`talosctl's answer of the ${resource} of Talos at 10.0.0.11 can't be read to its end`),
      );
    });

  it("is an answer without what every node has: a mount would look as if it were missing", () => {
    fake.set("10.0.0.11", talosNode({ half: { kubeletspec: "" } }));
    return assert.rejects(ask(), new NodeAway("Talos at 10.0.0.11 doesn't say its kubeletspec"));
  });
});
