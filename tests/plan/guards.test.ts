import assert from "node:assert/strict";
import { guardData } from "../../plan/guards";
import type { ClaimFacts, ClusterFacts } from "../../model/facts";
import { claimFacts, classFacts, nodeFacts } from "../facts";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
    made: { type: static, volumes: { redis-data: pv-new } }
    share: { type: nfs, server: nas.home, share: /volumes }
  cluster-storage:services:
`;

const classes = [classFacts("local-path", { isDefault: true }), classFacts("grows", { allowsExpansion: true })];

const claim = (change: Partial<ClaimFacts> = {}) =>
  claimFacts({
    namespace: "local-ai-system",
    name: "redis-data",
    service: "redis",
    stack: "cluster-storage/test",
    className: "local-path",
    ...change,
  });

/** What is said of a config on a cluster that has these claims. */
function said(services: string, claims: ClaimFacts[], more: Partial<ClusterFacts> & { adopting?: boolean } = {}) {
  const { plan, faults } = planOf(`${header}    ${services}\n`);
  assert.deepEqual(faults, []);
  const { adopting = false, ...facts } = more;
  const guarded = guardData({ ...plan, adopting }, { classes, claims, ...facts });
  return { faults: guarded.faults.map(({ path, message }) => `${path}: ${message}`), warnings: guarded.warnings };
}

const redis = "redis: { size: 1Gi, class: local-path }";
const byHand = "redis: { size: 1Gi, backend: made }";
const keptByHand =
  "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: made }] }";
const moved =
  "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }";

describe("what would cost data is a fault", () => {
  const table: [string, string, ClaimFacts[], string[]][] = [
    ["not what is as it was", redis, [claim()], []],
    ["not what isn't there yet", redis, [], []],
    ["not somebody else's claim of another name", redis, [claim(), claim({ name: "other", stack: undefined })], []],
    ["not a claim that is being deleted", redis, [claim({ stack: undefined, deleting: true })], []],
    ["not a move", moved, [claim()], []],
    ["not a move that was made", moved, [claim(), claim({ name: "redis-data-2", className: "fast" })], []],
    [
      "not the cluster's default where the claim names none",
      "redis: { size: 1Gi }",
      [claim({ className: "whatever" })],
      [],
    ],
    [
      "another class",
      "redis: { size: 1Gi, backend: fast }",
      [claim()],
      [
        "services.redis: claim redis-data has its data on class \"local-path\", and a claim's class can't be " +
          "changed; take the data along: npm run move -- redis --to fast",
      ],
    ],
    [
      "another class of one of several claims",
      "taskflow: { storage: { size: 1Gi, class: fast }, logs: { size: 1Gi } }\n    taskflow-db: { size: 1Gi }",
      [claim({ namespace: "taskflow", name: "app-storage", service: "taskflow" })],
      [
        'services.taskflow.storage: claim app-storage has its data on class "local-path", and a claim\'s ' +
          "class can't be changed; take the data along: npm run move -- taskflow/storage --to fast",
      ],
    ],
    [
      "another class of a kept volume",
      moved.replace("class: local-path", "class: fast"),
      [claim()],
      [
        'services.redis.kept[0]: claim redis-data has its data on class "local-path", and a claim\'s class ' +
          "can't be changed; say what it has",
      ],
    ],
    [
      "another access mode",
      "redis: { size: 1Gi, class: local-path, accessMode: ReadWriteOncePod }",
      [claim()],
      [
        "services.redis.accessMode: claim redis-data is ReadWriteOnce, and a claim's access mode can't be " +
          "changed; give the data a new volume: generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path, " +
          "accessMode: ReadWriteOnce }]",
      ],
    ],
    [
      "another volume made by hand",
      byHand,
      [claim({ className: "", volume: "pv-old" })],
      [
        "services.redis: claim redis-data has its data on volume pv-old, the config says pv-new, and a " +
          "claim's volume can't be changed; name pv-old again; a new generation takes the data to another",
      ],
    ],
    [
      "another volume of a kept claim",
      keptByHand,
      [claim({ className: "", volume: "pv-old" })],
      [
        "services.redis.kept[0]: claim redis-data has its data on volume pv-old, the config says pv-new, and " +
          "a claim's volume can't be changed; name pv-old again",
      ],
    ],
    [
      "not a volume that the claim still waits for",
      byHand,
      [claim({ className: "", volume: "pv-typo", phase: "Pending" })],
      [],
    ],
    ["not the volume that it has", byHand, [claim({ className: "", volume: "pv-new" })], []],
    ["not the volume that a provisioner made", redis, [claim({ volume: "pvc-1" })], []],
    [
      "a smaller size",
      "redis: { size: 512Mi, class: local-path }",
      [claim()],
      [
        "services.redis.size: 512Mi is less than the 1Gi of claim redis-data, and a volume can't shrink; move " +
          "the data to another: npm run move -- redis --size 512Mi",
      ],
    ],
    [
      "a smaller size than one in plain bytes",
      redis,
      [claim({ size: "2147483648" })],
      [
        "services.redis.size: 1Gi is less than the 2147483648 of claim redis-data, and a volume can't shrink; " +
          "move the data to another: npm run move -- redis --size 1Gi",
      ],
    ],
    ["not the same size in plain bytes", redis, [claim({ size: "1073741824" })], []],
    [
      "a larger size where the class can't grow",
      "redis: { size: 2Gi, class: local-path }",
      [claim()],
      [
        'services.redis.size: 2Gi is more than the 1Gi of claim redis-data, and its class "local-path" can\'t ' +
          "grow a volume; move the data to another: npm run move -- redis --size 2Gi",
      ],
    ],
    ["not a larger size where the class can", "redis: { size: 2Gi }", [claim({ className: "grows" })], []],
    ["not a larger size in another unit", "redis: { size: 1024Mi, class: local-path }", [claim()], []],
    [
      "a service that is gone",
      "qdrant: { size: 1Gi }",
      [claim()],
      [
        "services.redis: is gone from the config, but its claim redis-data is in namespace local-ai-system; " +
          "to take the service out and keep its data, leave services.redis in and set run: false",
      ],
    ],
    [
      "a claim of another name",
      "redis: { size: 1Gi, class: local-path, claim: mine }",
      [claim()],
      [
        "services.redis: claim redis-data in namespace local-ai-system is not in the config any more; take " +
          "back the change of its name, namespace or generation, or list it under kept; npm run release -- " +
          "redis gives " +
          "up a volume that is kept",
      ],
    ],
    [
      "a generation that nobody keeps",
      "redis: { size: 1Gi, class: local-path, generation: 2 }",
      [claim()],
      [
        "services.redis: claim redis-data in namespace local-ai-system is not in the config any more; take " +
          "back the change of its name, namespace or generation, or list it under kept; npm run release -- " +
          "redis gives " +
          "up a volume that is kept",
      ],
    ],
    [
      "a claim that was there before",
      redis,
      [claim({ stack: undefined })],
      [
        "services.redis: claim redis-data is in namespace local-ai-system already and belongs to no stack; " +
          "take it over with npm run adopt, or give this one another name (claim:)",
      ],
    ],
    [
      "another stack's claim",
      redis,
      [claim({ stack: "cluster-storage/prod" })],
      [
        "services.redis: claim redis-data is in namespace local-ai-system already and belongs to stack " +
          "cluster-storage/prod; give this one another name (claim:) or namespace",
      ],
    ],
    [
      "another node",
      redis.replace(" }", ", node: b }"),
      [claim({ node: "a" })],
      [
        "services.redis.node: claim redis-data has its volume on node a, and that can't leave it; take the " +
          "data along: npm run move -- redis --node b",
      ],
    ],
    [
      "another node of a kept volume",
      moved.replace("class: local-path", "class: local-path, node: b"),
      [claim({ node: "a" })],
      [
        "services.redis.kept[0].node: claim redis-data has its volume on node a, and that can't leave it; say " +
          "what it has",
      ],
    ],
    [
      "another class and node, in one",
      "redis: { size: 1Gi, backend: fast, node: b }",
      [claim({ node: "a" })],
      [
        "services.redis: claim redis-data has its data on class \"local-path\", and a claim's class can't be " +
          "changed; take the data along: npm run move -- redis --to fast --node b",
      ],
    ],
    ["not the node that it is on", redis.replace(" }", ", node: a }"), [claim({ node: "a" })], []],
    ["not one that nothing is known of", redis.replace(" }", ", node: b }"), [claim()], []],
    [
      "not another node of a claim that still waits",
      redis.replace(" }", ", node: b }"),
      [claim({ node: "a", phase: "Pending" })],
      [],
    ],
    ["not where none is named", redis, [claim({ node: "a" })], []],
  ];
  for (const [what, services, claims, faults] of table)
    it(what, () => assert.deepEqual(said(services, claims).faults, faults));

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

    const two = (storage: string, logs: string) =>
      `taskflow: { storage: { size: 1Gi${storage} }, logs: { size: 1Gi${logs} } }\n    taskflow-db: { size: 1Gi }`;
    const next = ", generation: 2, node: b, kept: [{ generation: 1, size: 1Gi }]";
    const back = ", from: 2, kept: [{ generation: 2, size: 1Gi, node: b }]";
    const there = (name: string, node?: string) => claim({ namespace: "taskflow", name, service: "taskflow", node });
    const apart = (key: string, name: string) =>
      `services.taskflow.${key}.node: "b" is another node: claim ${name} has its volume on node a, and one ` +
      "pod has both; let them go together: npm run move -- taskflow --node b";
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
            "its volume on node b, and one pod has both; let them go together: npm run move -- taskflow --back",
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

  it("another cluster", () => {
    assert.deepEqual(said(redis, [], { uid: "new", deployedTo: "old" }).faults, [
      'cluster.context: "minikube" leads to another cluster than the one that has this stack\'s data ' +
        "(kube-system new, not old); name that one, or make a new stack for this cluster",
    ]);
    for (const facts of [{ uid: "same", deployedTo: "same" }, { uid: "first" }, { deployedTo: "unreadable-now" }])
      assert.deepEqual(said(redis, [], facts).faults, []);
  });

  it("taking over is what adopt asks for: only what doesn't fit is a fault then", () => {
    assert.deepEqual(said(redis, [claim({ stack: undefined })], { adopting: true }).faults, []);
    assert.deepEqual(said(redis, [claim({ stack: undefined, size: "10Gi" })], { adopting: true }).faults, []);
  });

  it("data that was to go with its service is only named", () => {
    const { faults, warnings } = said("qdrant: { size: 1Gi }", [claim({ unprotected: true })]);
    assert.deepEqual(faults, []);
    assert.deepEqual(warnings, [
      "claim redis-data in namespace local-ai-system is deleted with its data, because services.redis was " +
        "protect: false",
    ]);
  });

  it("somebody else's claim that would go with the namespace is a fault", () => {
    const going = claim({ unprotected: true });
    const others = [
      claim({ name: "theirs", service: "", stack: undefined }),
      claim({ name: "prods", stack: "cluster-storage/prod" }),
      claim({ name: "elsewhere", namespace: "other", stack: undefined }),
    ];
    const why = (name: string, whose: string) =>
      `services.redis: goes with its namespace local-ai-system, which takes along claim ${name}; ` +
      `that ${whose}, so bring its data elsewhere first, or leave services.redis in and set run: false`;
    assert.deepEqual(said("qdrant: { size: 1Gi }", [going, ...others]).faults, [
      why("theirs", "belongs to no stack"),
      why("prods", "belongs to stack cluster-storage/prod"),
    ]);
    assert.deepEqual(said("searxng: { size: 1Gi, namespace: local-ai-system }", [going, ...others]).faults, []);
    assert.deepEqual(said(redis, [going, ...others]).faults, []);
  });

  it("returning to a volume as it was says what is left behind", () => {
    const { faults, warnings } = said(
      "redis: { size: 1Gi, class: local-path, kept: [{ generation: 2, size: 1Gi, backend: fast }] }",
      [claim()],
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(warnings, [
      "services.redis: redis-data is used as it was when the data moved on; what was written since is in " +
        "redis-data-2, which is kept",
    ]);
  });
});
