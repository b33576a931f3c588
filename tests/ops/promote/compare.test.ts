import assert from "node:assert/strict";
import { join } from "node:path";
import { carry, configOf } from "../../../ops/promote/carry";
import { compareConfigs } from "../../../ops/promote/compare";
import type { Difference } from "../../../ops/promote/difference";
import { describeDifferences } from "../../../ops/promote/print";
import { parseRules, readRules, reasonFor } from "../../../ops/promote/rules";

const rules = parseRules('intent:\n  - paths: [cluster, "services.**.size", "services.**.class"]\n    reason: sizes\n');
const file = (services: string) =>
  `# a stack\nconfig:\n  cluster-storage:cluster: { context: here }\n  ` +
  `cluster-storage:services:\n${services.replaceAll(/^/gm, "    ")}\n`;

function differences(from: string, to: string, moveBack = false): Difference[] {
  return compareConfigs(configOf(file(from), "cluster-storage"), configOf(file(to), "cluster-storage"), {
    rules,
    to: "prod",
    moveBack,
  });
}

interface Case {
  from: string;
  to: string;
  /** `kind path: reason`. */
  told: string[];
  /** The target's services afterwards. */
  after: string;
  moveBack?: boolean;
}

const kept1 = "kept: [ { generation: 1, size: 10Gi, class: slow } ]";
const cases: Record<string, Case> = {
  "the same": { from: "redis: { size: 1Gi }", to: "redis: { size: 1Gi }", told: [], after: "redis: { size: 1Gi }" },
  "a size, on purpose": {
    from: "redis: { size: 1Gi }",
    to: "redis: { size: 9Gi } # large",
    told: ["intent services.redis.size: sizes"],
    after: "redis: { size: 9Gi } # large",
  },
  "an image": {
    from: "redis: { size: 1Gi, image: redis:8 }",
    to: "# the cache\nredis:\n  size: 9Gi # large\n  image: redis:7 # pinned\n",
    told: ["intent services.redis.size: sizes", "carried services.redis.image"],
    after: "# the cache\nredis:\n  size: 9Gi # large\n  image: redis:8 # pinned\n",
  },
  "a setting that only the target has": {
    from: "redis: { size: 1Gi }",
    to: "redis: { size: 1Gi, reaches: [n8n] }",
    told: ["carried services.redis.reaches"],
    after: "redis: { size: 1Gi }",
  },
  "a setting that the target lacks": {
    from: "redis: { size: 1Gi, image: { ref: redis:8, standIn: true } }",
    to: "redis:\n  size: 1Gi\n",
    told: ["carried services.redis.image"],
    after: "redis:\n  size: 1Gi\n  image: { ref: redis:8, standIn: true }\n",
  },
  "a service that the target lacks": {
    from: "redis: { size: 1Gi }\nqdrant: { size: 1Gi }",
    to: "redis: { size: 1Gi }",
    told: ["carried services.qdrant: new there, with the size that it has in the source"],
    after: "redis: { size: 1Gi }\nqdrant: { size: 1Gi }",
  },
  "a service that the target lacks, where it lies here": {
    from:
      "redis: { size: 1Gi }\nqdrant: { size: 1Gi, class: fast, image: qdrant:1, generation: 2, kept: [{ " +
      "generation: 1, size: 1Gi }] }",
    to: "redis: { size: 1Gi }",
    told: [
      "carried services.qdrant: new there, with the size that it has in the source, and without class, kept, " +
        "which each stack decides for itself",
    ],
    after: "redis: { size: 1Gi }\nqdrant: { size: 1Gi, image: qdrant:1, generation: 2 }",
  },
  "a claim that the target lacks, of which this stack is careless": {
    from: "taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi, class: slow } }",
    to: "taskflow: { storage: { size: 1Gi } }",
    told: [
      "carried services.taskflow.logs: new there, with the size that it has in the source, and without class, " +
        "which each stack decides for itself",
    ],
    after: "taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi } }",
  },
  "a service that only the target has": {
    from: "redis: { size: 1Gi }",
    to: "redis: { size: 1Gi }\ntaskflow: { storage: { size: 1Gi } }",
    told: [
      "left services.taskflow: removing it would remove its data; see docs/removing-a-service.md, " +
        "or write in promotion.yaml why only one stack has it",
    ],
    after: "redis: { size: 1Gi }\ntaskflow: { storage: { size: 1Gi } }",
  },
  "a secret": {
    from: "n8n: { size: 1Gi, env: { KEY: { secure: abc } } }",
    to: "n8n: { size: 1Gi, env: { KEY: { secure: xyz } } }",
    told: [
      "left services.n8n.env.KEY: a secret is encrypted for one stack; set it for the other one: " +
        "pulumi config set --secret -s prod",
    ],
    after: "n8n: { size: 1Gi, env: { KEY: { secure: xyz } } }",
  },
  "a secret in what the target lacks": {
    from: "n8n: { size: 1Gi, env: { KEY: { secure: abc } } }",
    to: "redis: { size: 1Gi }",
    told: [
      "left services.n8n: a secret is encrypted for one stack; set it for the other one: " +
        "pulumi config set --secret -s prod",
      "left services.redis: removing it would remove its data; see docs/removing-a-service.md, " +
        "or write in promotion.yaml why only one stack has it",
    ],
    after: "redis: { size: 1Gi }",
  },
  "a move": {
    from: "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
    to: "redis:\n  size: 10Gi # plenty\n  class: slow\n",
    told: [
      "carried services.redis: moves data: prod keeps its own size, 10Gi, and the volume that it leaves",
      "intent services.redis.size: sizes",
    ],
    after: `redis:\n  size: 10Gi # plenty\n  backend: fast\n  generation: 2\n  ${kept1}\n`,
  },
  "a node, which is each cluster's own": {
    from: "redis: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi, node: talos-1 }",
    told: ["intent services.redis.node: each cluster has nodes of its own"],
    after: "redis: { size: 1Gi, node: talos-1 }",
  },
  "a node that the target doesn't name": {
    from: "redis: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi }",
    told: ["intent services.redis.node: each cluster has nodes of its own"],
    after: "redis: { size: 1Gi }",
  },
  "a node of a claim among several": {
    from: "taskflow: { storage: { size: 1Gi, node: kind-1 } }",
    to: "taskflow: { storage: { size: 1Gi } }",
    told: ["intent services.taskflow.storage.node: each cluster has nodes of its own"],
    after: "taskflow: { storage: { size: 1Gi } }",
  },
  "a service that the target lacks, on a node here": {
    from: "redis: { size: 1Gi }\nqdrant: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi }",
    told: [
      "carried services.qdrant: new there, with the size that it has in the source, and without node, " +
        "which each stack decides for itself",
    ],
    after: "redis: { size: 1Gi }\nqdrant: { size: 1Gi }",
  },
  "a move from node to node, which is about this cluster": {
    from: "redis: { size: 1Gi, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, node: kind-1 }] }",
    to: "redis: { size: 1Gi }",
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi }",
  },
  "a move from node to node, where the target has another backend": {
    from:
      "redis: { size: 1Gi, class: slow, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, class: " +
      "slow }] }",
    to: "redis: { size: 1Gi, class: replicated }",
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.class: sizes",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi, class: replicated }",
  },
  "a move from node to node over there": {
    from: "redis: { size: 1Gi }",
    to: "redis: { size: 1Gi, node: talos-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
    moveBack: true,
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi, node: talos-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
  },
  "a move to another backend, on a node of its own here and there": {
    from:
      "redis: { size: 1Gi, backend: fast, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, node: " +
      "kind-1 }] }",
    to: "redis: { size: 1Gi, backend: slow, node: talos-1 }",
    told: ["carried services.redis: moves data: prod keeps its own size, 1Gi, and the volume that it leaves"],
    after:
      "redis: { size: 1Gi, backend: fast, generation: 2, kept: [ { generation: 1, size: 1Gi, backend: slow, " +
      "node: talos-1 } ] }",
  },
  "a return, to the target's own node": {
    from:
      "redis: { size: 1Gi, backend: slow, node: kind-1, from: 2, kept: [{ generation: 2, size: 1Gi, backend: " +
      "fast }] }",
    to:
      "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: slow, " +
      "node: talos-1 }] }",
    moveBack: true,
    told: ["carried services.redis: MOVES DATA BACK: the newest data is copied from generation 2 to 1"],
    after:
      "redis: { size: 1Gi, backend: slow, node: talos-1, generation: 1, from: 2, kept: [ { generation: 2, " +
      "size: 1Gi, backend: fast } ] }",
  },
  "two moves at once": {
    from: "redis: { size: 1Gi, class: third, generation: 3, kept: [{ generation: 2, size: 1Gi }] }",
    to: "redis: { size: 10Gi, class: slow }",
    told: [
      "carried services.redis: moves data: prod keeps its own size, 10Gi, and the volume that it leaves",
      "intent services.redis.size: sizes",
    ],
    after: `redis: { size: 10Gi, class: third, generation: 3, ${kept1} }`,
  },
  "a volume that was released here": {
    from: "redis: { size: 1Gi, class: slow, generation: 2 }",
    to: `redis: { size: 1Gi, class: slow, generation: 2, ${kept1} }`,
    told: [
      "left services.redis: prod still keeps a volume that was released in the source; " +
        "npm run release deletes it there",
    ],
    after: `redis: { size: 1Gi, class: slow, generation: 2, ${kept1} }`,
  },
  "a return, not asked for": {
    from: "redis: { size: 10Gi, class: slow }",
    to: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
    told: [
      "left services.redis: prod stays on generation 2; with --move-back its data would move back: " +
        "the newest data is copied from generation 2 to 1",
      "intent services.redis.class: sizes",
    ],
    after: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
  },
  "a return": {
    from: "redis: { size: 10Gi, class: slow }",
    to: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
    moveBack: true,
    told: ["carried services.redis: MOVES DATA BACK: the newest data is copied from generation 2 to 1"],
    after:
      "redis: { size: 10Gi, class: slow, generation: 1, from: 2, kept: [ { generation: 2, size: 10Gi, class: " +
      "fast } ] }",
  },
  "a return to what was released": {
    from: "redis: { size: 10Gi, class: slow }",
    to: "redis: { size: 10Gi, class: slow, generation: 2 }",
    moveBack: true,
    told: ["left services.redis: prod has released generation 1, so it can't go back to it"],
    after: "redis: { size: 10Gi, class: slow, generation: 2 }",
  },
};

describe("what a promotion carries over", () => {
  for (const [title, { from, to, told, after, moveBack }] of Object.entries(cases)) {
    it(title, () => {
      const found = differences(from, to, moveBack);
      assert.deepEqual(
        found.map(({ kind, path, reason }) => `${kind} ${path.join(".")}${reason === undefined ? "" : `: ${reason}`}`),
        told,
      );
      assert.equal(carry(file(to), "cluster-storage", found), file(after));
    });
  }

  it("leaves nothing to carry once it was carried", () => {
    for (const [title, { from, to }] of Object.entries(cases)) {
      const once = carry(file(to), "cluster-storage", differences(from, to));
      const again = compareConfigs(configOf(file(from), "cluster-storage"), configOf(once, "cluster-storage"), {
        rules,
        to: "prod",
        moveBack: false,
      });
      assert.deepEqual(
        again.filter(({ kind }) => kind === "carried"),
        [],
        title,
      );
    }
  });

  it("covers what Pulumi itself is told", () => {
    const [from, to] = [
      "config:\n  pulumi:autonaming: { mode: disabled }\n",
      "config:\n  cluster-storage:protect: true\n",
    ];
    const found = compareConfigs(configOf(from, "cluster-storage"), configOf(to, "cluster-storage"), {
      rules,
      to: "prod",
      moveBack: false,
    });
    assert.equal(carry(to, "cluster-storage", found), "config:\n  pulumi:autonaming: { mode: disabled }\n");
  });

  it("is shown side by side", () => {
    const found = differences("redis: { size: 1Gi, image: redis:8 }", "redis: { size: 9Gi }\nqdrant: { size: 1Gi }");
    assert.equal(
      describeDifferences("dev", "prod", found),
      [
        "carried over from dev to prod:",
        "                        DEV      PROD",
        "  services.redis.image  redis:8  –",
        "",
        "not carried over, because a person has to decide:",
        "                   DEV  PROD",
        "  services.qdrant  –    {size: 1Gi}  removing it would remove its data; see docs/removing-a-service.md, " +
          "or write in promotion.yaml why only one stack has it",
        "",
        "different on purpose (promotion.yaml):",
        "                       DEV  PROD",
        "  services.redis.size  1Gi  9Gi   sizes",
      ].join("\n"),
    );
    assert.equal(describeDifferences("dev", "prod", []), "dev and prod have the same config");
  });

  it("is shown without the text of a secret, however deep", () => {
    const shown = describeDifferences(
      "dev",
      "prod",
      differences("n8n: { size: 1Gi, env: { KEY: { secure: abc } }, args: [{ secure: abc }] }", "redis: { size: 1Gi }"),
    );
    assert.doesNotMatch(shown, /abc/);
    assert.match(shown, /services\.n8n +\{size: 1Gi, env: \{KEY: \[secret\]/);
  });
});

describe("promotion.yaml", () => {
  it("covers what a path names, and what is below", () => {
    const reason = (path: string) =>
      reasonFor(
        path.split("."),
        parseRules('intent: [{ paths: [cluster, "services.*.size", "backends.**.path"], reason: why }]'),
      );
    for (const path of ["cluster", "cluster.context", "services.redis.size", "backends.a.path", "backends.a.b.path"])
      assert.equal(reason(path), "why", path);
    for (const path of [
      "clusters",
      "services.redis",
      "services.taskflow.logs.size",
      "services.redis.image",
      "backends.a",
    ])
      assert.equal(reason(path), undefined, path);
  });
  it("may leave the cluster out, which is no other stack's all the same", () => {
    const found = compareConfigs(
      { cluster: { context: "dev" } },
      { cluster: { context: "prod" } },
      { rules: [], to: "prod", moveBack: false },
    );
    assert.deepEqual(
      found.map(({ kind, path, reason }) => [kind, path.join("."), reason]),
      [["intent", "cluster", "each stack is on a cluster of its own"]],
    );
  });
  it("has to be there", async () => {
    await assert.rejects(readRules(join(__dirname, "nowhere")), {
      name: "UserError",
      message:
        "there is no promotion.yaml in this checkout, which lists what may differ on purpose " +
        "(docs/promotion.md); nothing was changed",
    });
  });
  it("is refused where it says something else", () => {
    assert.throws(() => parseRules("intent: [{ paths: [a] }]"), {
      name: "UserError",
      message: /^promotion\.yaml: intent\.0\.reason: .*; under intent, list the paths that may differ and the reason$/,
    });
    assert.throws(() => parseRules("drift: []"), { name: "UserError", message: /^promotion\.yaml: / });
  });
});
