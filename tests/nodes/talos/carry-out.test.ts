import assert from "node:assert/strict";
import { NodeAway } from "../../../model/node-preparation";
import { node } from "../../../nodes/talos/node";
import { FakeTalos, GiB, talosNode } from "./fake";

const access = { talos: {}, ssh: { user: "root", port: 22, agent: false } };
const target = { name: "worker-1", address: "10.0.0.11", access };

/** A node's settings, as the config's reader gives them. */
const settings = (yaml: object) => node.schema.parse({ type: "talos", ...yaml }) as never;

describe("a user volume on a node that runs Talos", () => {
  const disk = { serial: "DATA" };
  const wanted = settings({ volumes: { "local-path": { disk, minSize: "200Gi", maxSize: "300Gi" } } });
  const [step] = node.steps(wanted, access);
  let fake: FakeTalos;
  const before = { ...process.env };
  beforeEach(() => {
    fake = new FakeTalos();
    Object.assign(process.env, fake.env);
  });
  afterEach(() => {
    process.env = { ...before };
    fake.remove();
  });
  const said: string[] = [];
  const carryOut = () =>
    node.carryOut!({
      ...target,
      ...step!,
      say: (line) => said.push(line),
      ready: () => Promise.resolve({ self: true, away: [] }),
    });
  const judge = async () =>
    node
      .judge({ node: "worker-1", settings: wanted, facts: await node.ask(target, wanted), done: {}, claims: [] })
      .map(({ state, note, why }) => why ?? note ?? state);

  it("is made once, and is then there", async () => {
    fake.set("10.0.0.11", talosNode());
    assert.deepEqual(await judge(), ["it goes to /dev/sdb, 500.0 GiB, Data, serial DATA"]);
    await carryOut();
    assert.deepEqual(await judge(), ["done"]);
    assert.equal(fake.changes().length, 1);
    assert.equal(fake.get("10.0.0.11").volumestatus["u-local-path"]!.size, 300 * GiB);
    await carryOut();
    assert.equal(fake.changes().length, 1);
    assert.deepEqual(said, ["is ready", "is there already"]);
  });

  it("is not asked for where the node is away", async () => {
    fake.set("10.0.0.11", talosNode({ away: true }));
    await assert.rejects(
      node.ask(target, wanted),
      new NodeAway(
        "talosctl got no answer for worker-1 at 10.0.0.11: rpc error: code = Unavailable desc = connection error: " +
          'desc = "transport: Error while dialing: dial tcp 10.0.0.11:50000: connect: connection refused"',
      ),
    );
  });
});
