import assert from "node:assert/strict";
import { impactMarkdown } from "../../../ops/impact/markdown";
import { claimStep, impactOfRecording, impactOfSteps, jobStep } from "./recorded";

describe("the comment on a pull request", () => {
  it("names a move, and what stays", () => {
    assert.equal(
      impactMarkdown(impactOfRecording("move")),
      `<!-- cluster-storage impact rec -->
### Data impact on \`rec\`

✅ stack "rec": no data is lost or left unprotected

| volume | | size | class | note |
|---|---|---|---|---|
| \`rec-cache/redis-data-2\` | moved | 2Gi | second | from redis-data, at most 1Gi; down while it is copied |
| \`rec-cache/redis-data\` | kept | 1Gi | local-path | the data goes on in redis-data-2; stays as it is until \
it is released |
| \`rec-search/searxng-data\` | kept | 1Gi | local-path |  |

**Workloads**

- rec-cache/redis Deployment restarts (volume redis-data → redis-data-2, command)

The rest: 6 created (ConfigMap, Job, NetworkPolicy, Role, RoleBinding, ServiceAccount); 15 unchanged.`,
    );
  });

  it("begins with what is lost", () => {
    assert.equal(
      impactMarkdown(impactOfRecording("deleted")),
      `<!-- cluster-storage impact rec -->
### Data impact on \`rec\`

❌ stack "rec": DATA AT RISK: rec-vec/qdrant-data deleted

| volume | | size | class | note |
|---|---|---|---|---|
| \`rec-vec/qdrant-data\` | **deleted** | 1Gi | second |  |
| \`rec-cache/redis-data\` | kept | 1Gi | local-path |  |
| \`rec-search/searxng-data\` | kept | 1Gi | local-path |  |

**Workloads**

- rec-vec/qdrant StatefulSet stops

**Warnings**

- claim qdrant-data in namespace rec-vec is deleted with its data, because services.qdrant was protect: false

The rest: 8 deleted (Namespace, 2 NetworkPolicy, RandomPassword, Secret, 2 Service, ServiceAccount); 16 unchanged.`,
    );
  });

  it("says why the change is refused", () => {
    assert.equal(
      impactMarkdown(impactOfRecording("service-removed")),
      `<!-- cluster-storage impact rec -->
### Data impact on \`rec\`

❌ stack "rec": DATA AT RISK; the change is refused

**Refused**

- \`cluster-storage:services.searxng\`: is gone from the config, but its claim searxng-data is in namespace \
rec-search; to take the service out and keep its data, leave services.searxng in and set run: false

The rest: not planned, because the change is refused.`,
    );
  });

  it("takes names and messages for text", () => {
    const impact = { ...impactOfSteps(claimStep("same", {}, {})), warnings: ["<img> | @team\nnext"] };
    assert.match(impactMarkdown(impact), /\n- &lt;img> \\\| @\u200bteam next\n/);
  });

  it("shows no value of a variable", () => {
    const impact = impactOfSteps(
      jobStep({ kind: "copy", source: { generation: 1 }, target: { generation: 2 }, secret: "hush" }),
    );
    assert.doesNotMatch(impactMarkdown(impact) + JSON.stringify(impact), /hush/);
  });
});
