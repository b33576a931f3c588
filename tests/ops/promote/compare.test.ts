import assert from "node:assert/strict";
import { compareSecrets } from "../../../ops/promote/secrets";
import { carry, configOf } from "../../../ops/promote/carry";
import { compareConfigs } from "../../../ops/promote/compare";
import { describeDifferences } from "../../../ops/promote/print";
import { rules, file, differences, type Case, checkCases } from "./two-files";

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
    told: ["intent services.n8n.env.KEY: each stack has its own secret here"],
    after: "n8n: { size: 1Gi, env: { KEY: { secure: xyz } } }",
  },
  "a secret that is plain text there, and the other way round": {
    from: "n8n: { size: 1Gi, env: { KEY: { secure: abc }, MODE: plain } }",
    to: "n8n: { size: 1Gi, env: { KEY: text, MODE: { secure: xyz } } }",
    told: [
      "left services.n8n.env.KEY: a secret is encrypted for one stack; give prod its own: " +
        "pulumi config set --secret --path 'cluster-storage:services.n8n.env.KEY' -s prod",
      "left services.n8n.env.MODE: prod has a secret here, and keeps it; to set it in plain text: " +
        "pulumi config set --plaintext --path 'cluster-storage:services.n8n.env.MODE' -s prod VALUE",
    ],
    after: "n8n: { size: 1Gi, env: { KEY: text, MODE: { secure: xyz } } }",
  },
  "a secret that only the target has, and the first variables of the source": {
    from: "n8n: { size: 1Gi }\nflowise: { size: 1Gi, env: { KEY: { secure: abc }, MODE: plain } }",
    to: "n8n: { size: 1Gi, env: { KEY: { secure: xyz } } }\nflowise: { size: 1Gi }",
    told: [
      "left services.n8n.env: only prod has this secret, and keeps it; to take it out: " +
        "pulumi config rm --path 'cluster-storage:services.n8n.env' -s prod",
      "carried services.flowise.env",
      "left services.flowise.env.KEY: a secret is encrypted for one stack; give prod its own: " +
        "pulumi config set --secret --path 'cluster-storage:services.flowise.env.KEY' -s prod",
    ],
    after: "n8n: { size: 1Gi, env: { KEY: { secure: xyz } } }\nflowise: { size: 1Gi, env: { MODE: plain } }",
  },
  "a secret in what the target lacks": {
    from: "n8n: { size: 1Gi, env: { KEY: { secure: abc } } }",
    to: "redis: { size: 1Gi }",
    told: [
      "carried services.n8n: new there, with the size that it has in the source",
      "left services.n8n.env.KEY: a secret is encrypted for one stack; give prod its own: " +
        "pulumi config set --secret --path 'cluster-storage:services.n8n.env.KEY' -s prod",
      "left services.redis: removing it would remove its data; see docs/removing-a-service.md, " +
        "or write in promotion.yaml why only one stack has it",
    ],
    after: "redis: { size: 1Gi }\nn8n: { size: 1Gi }",
  },
};

describe("the command that gives a stack its own secret", () =>
  it("names a variable with a dot as the CLI takes it", () => {
    const [found] = compareSecrets(["services", "taskflow", "env", "A.B"], { secure: "v1:a" }, undefined, "prod") ?? [];
    assert.equal(
      found?.reason,
      "a secret is encrypted for one stack; give prod its own: pulumi config set --secret --path " +
        `'cluster-storage:services.taskflow.env["A.B"]' -s prod`,
    );
  }));

describe("what a promotion carries over", () => {
  checkCases(cases);

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
    assert.match(shown, /services\.n8n\.env\.KEY +\[secret\]/);
  });
});
