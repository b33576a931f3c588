import assert from "node:assert/strict";
import type { NodeStanding, StepState } from "../../model/node-preparation";
import { nodesPrepared } from "../../preflight/checks/nodes";

const step = (more: Partial<StepState>): StepState => ({
  id: "volume-data",
  path: ["volumes", "data"],
  words: "the user volume data",
  state: "done",
  ...more,
});
const said = (...prepared: NodeStanding[]) =>
  nodesPrepared
    .run({ facts: { prepared } as never, plan: {} as never, pods: [] })
    .map(({ id: _, ...result }) => result);

describe("what preflight says of the nodes that the update prepares", () => {
  it("is what is there, what the update makes, and what can't be made", () =>
    assert.deepEqual(
      said({
        node: "worker-1",
        states: [
          step({}),
          step({ state: "missing" }),
          step({ state: "missing", note: "it goes to /dev/sdb" }),
          step({ state: "refused", why: "the disk holds ext4" }),
        ],
      }),
      [
        { level: "ok", title: "worker-1 has the user volume data" },
        { level: "ok", title: "the update makes the user volume data on worker-1" },
        { level: "ok", title: "the update makes the user volume data on worker-1: it goes to /dev/sdb" },
        {
          level: "error",
          title: "the user volume data of worker-1 can't be made",
          wayOut: "the disk holds ext4",
        },
      ],
    ));

  it("is an error where one doesn't answer, and nothing where the config names none", () => {
    assert.deepEqual(said({ node: "worker-1", away: "Talos at 10.0.0.11 didn't answer within 10 s", states: [] }), [
      {
        level: "error",
        title: "worker-1 can't be asked: Talos at 10.0.0.11 didn't answer within 10 s",
        wayOut: "pulumi up needs this node; let it answer, or take it out of the config",
      },
    ]);
    assert.deepEqual(said(), []);
  });

  it("is a warning where this command can't decrypt the way in", () => {
    const away = "the talosconfig is a secret of the stack, which only pulumi preview and pulumi up can decrypt";
    assert.deepEqual(said({ node: "worker-1", away, sealed: true, states: [] }), [
      {
        level: "warning",
        title: `worker-1 can't be asked: ${away}`,
        wayOut: "pulumi preview asks this node, and says what the update makes on it",
      },
    ]);
  });
});
