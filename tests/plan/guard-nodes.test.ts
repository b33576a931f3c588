import assert from "node:assert/strict";
import type { ClaimFacts } from "../../model/facts";
import type { NodeFacts } from "../../model/node-facts";
import { nodeFacts } from "../facts";
import { claim, moved, said } from "./guard-fixture";

describe("what would cost data is a fault", () => {
  describe("a node by name that no pod could start on", () => {
    const onNode = moved.replace("backend: fast,", "backend: fast, node: worker-2,");
    const cases: [string, string, ClaimFacts[], string[] | undefined, string[]][] = [
      [
        "the cluster has none of that name",
        onNode,
        [claim()],
        ["worker-1", "worker-3"],
        ['services.redis.node: the cluster has no node "worker-2"; did you mean "worker-1"?'],
      ],
      [
        "none of a name like it",
        onNode,
        [claim()],
        ["b", "a"],
        ['services.redis.node: the cluster has no node "worker-2"; there is: a, b'],
      ],
      [
        "nor for a kept volume that was never made",
        moved.replace("class: local-path", "class: local-path, node: gone"),
        [],
        ["a"],
        ['services.redis.kept[0].node: the cluster has no node "gone"; there is: a'],
      ],
      ["it has one", onNode, [claim()], ["worker-1", "worker-2"], []],
      [
        "the volume is there: its node may have gone since",
        onNode,
        [claim(), claim({ name: "redis-data-2", className: "fast", node: "worker-2" })],
        ["worker-1"],
        [],
      ],
      ["nobody may read them", onNode, [claim()], undefined, []],
    ];
    for (const [what, services, claims, nodes, faults] of cases)
      it(what, () =>
        assert.deepEqual(
          said(services, claims, nodes && { nodes: nodes.map((name) => nodeFacts(name)) }).faults,
          faults,
        ),
      );

    const unfit: [string, Partial<NodeFacts>, string | undefined][] = [
      ["cordoned", { unschedulable: true }, "the node is cordoned (kubectl uncordon worker-2)"],
      ["not ready", { conditions: { Ready: "False" } }, "the node isn't Ready"],
      ["deleted", { deleting: true }, "the node is being deleted"],
      [
        "tainted",
        { taints: [{ key: "for", value: "gpus", effect: "NoSchedule" }] },
        "the node has the taint for=gpus:NoSchedule",
      ],
      ["tainted so that others come first", { taints: [{ key: "for", effect: "PreferNoSchedule" }] }, undefined],
    ];
    const first = "redis: { size: 1Gi, backend: fast, node: worker-2 }";
    const noPod = (why: string) =>
      `services.redis.node: no pod can go to node "worker-2", so no volume can be made there: ${why}`;
    for (const [what, more, why] of unfit)
      it(`the node is ${what}: for a first volume, and for a move`, () => {
        const nodes = [nodeFacts("worker-1"), nodeFacts("worker-2", more)];
        const faults = why === undefined ? [] : [noPod(why)];
        assert.deepEqual(said(first, [], { nodes }).faults, faults);
        assert.deepEqual(said(onNode, [claim()], { nodes }).faults, faults);
      });
    it("a service without a workload needs no pod there, unless its data moves there", () => {
      const nodes = [nodeFacts("worker-2", { unschedulable: true })];
      assert.deepEqual(said(first.replace("size", "run: false, size"), [], { nodes }).faults, []);
      assert.deepEqual(said(onNode.replace("size", "run: false, size"), [claim()], { nodes }).faults, [
        noPod("the node is cordoned (kubectl uncordon worker-2)"),
      ]);
    });
    it("the config says the label by which volumes name the node", () => {
      const nodes = [nodeFacts("node-a", { labels: { "kubernetes.io/hostname": "worker-2" } })];
      assert.deepEqual(said(first, [], { nodes }).faults, [
        'services.redis.node: the cluster has no node "worker-2"; worker-2 is the label kubernetes.io/hostname of ' +
          "node node-a; write node-a",
      ]);
    });

    const two = (storage: string, logs: string) =>
      `taskflow: { storage: { size: 1Gi${storage} }, logs: { size: 1Gi${logs} } }\n    taskflow-db: { size: 1Gi }`;
    const next = ", generation: 2, node: b, kept: [{ generation: 1, size: 1Gi }]";
    const back = ", from: 2, kept: [{ generation: 2, size: 1Gi, node: b }]";
    const there = (name: string, node?: string) => claim({ namespace: "taskflow", name, service: "taskflow", node });
    const apart = (key: string, name: string) =>
      `services.taskflow.${key}.node: "b" is another node: claim ${name} has its volume on node a, and one ` +
      "pod mounts both; move them together: npm run move -- taskflow --node b";
    const services: [string, string, ClaimFacts[], string[]][] = [
      [
        "another volume of its pod stays elsewhere",
        two(next, ""),
        [there("app-storage", "a"), there("logs-storage", "a")],
        [apart("storage", "logs-storage")],
      ],
      [
        "which of them is told first doesn't matter",
        two("", next),
        [there("app-storage", "a"), there("logs-storage", "a")],
        [apart("logs", "app-storage")],
      ],
      ["all of them go", two(next, next), [there("app-storage", "a"), there("logs-storage", "a")], []],
      ["the other is there already", two(next, ""), [there("app-storage", "a"), there("logs-storage", "b")], []],
      ["of the other nothing is known", two(next, ""), [there("app-storage", "a"), there("logs-storage")], []],
      [
        "one alone returns",
        two(back, next),
        [
          there("app-storage", "a"),
          there("app-storage-2", "b"),
          there("logs-storage", "a"),
          there("logs-storage-2", "b"),
        ],
        [
          "services.taskflow.storage: claim app-storage has its volume on node a, claim logs-storage-2 has " +
            "its volume on node b, and one pod mounts both; move them together: npm run move -- taskflow --back",
        ],
      ],
      [
        "all of them return",
        two(back, back),
        [
          there("app-storage", "a"),
          there("app-storage-2", "b"),
          there("logs-storage", "a"),
          there("logs-storage-2", "b"),
        ],
        [],
      ],
      ["no node is named", two("", ""), [there("app-storage", "a"), there("logs-storage", "b")], []],
      [
        "every node reaches the other",
        two(next, ", backend: share"),
        [there("app-storage", "a"), { ...there("logs-storage", "a"), className: "share" }],
        [],
      ],
    ];
    for (const [what, config, claims, faults] of services)
      it(`with several volumes: ${what}`, () => assert.deepEqual(said(config, claims).faults, faults));
  });
});
