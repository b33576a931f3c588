import assert from "node:assert/strict";
import { ops } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { useGitHub } from "./github";

describe("the workflows' commands on a real cluster", () => {
  const cluster = useDeployedStack();
  const { github, reportFile } = useGitHub();

  const ci = (...args: string[]) => ops(args, { CLUSTER_STORAGE_INSTANCE: instance, ...github.env });

  it("post this text on a change that changes nothing", async () => {
    const file = reportFile("dev.json");
    const preview = await ci("ci:preview", "--out", file);
    assert.equal(preview.exitCode, 0, preview.printed);
    const comment = await ci("ci:comment", file, "--pull-request", "7");
    assert.equal(comment.exitCode, 0, comment.printed);
    assert.equal(
      github.comments[0]!.body!.replaceAll(/\d+ unchanged/g, "N unchanged"),
      `<!-- cluster-storage: preview of dev -->
### Data impact on \`dev\`

✅ stack "dev": no data is lost or left unprotected

| volume | | size | class | note |
|---|---|---|---|---|
| \`local-ai-data/neo4j-data\` | kept | 2Gi | local-path |  |
| \`local-ai-data/postgres-data\` | kept | 2Gi | local-path |  |
| \`local-ai-data/qdrant-data\` | kept | 2Gi | local-path |  |
| \`local-ai-flowise/flowise-data\` | kept | 1Gi | local-path |  |
| \`local-ai-n8n/n8n-data\` | kept | 1Gi | local-path |  |
| \`local-ai-search/searxng-data\` | kept | 1Gi | local-path |  |
| \`local-ai-system/redis-data\` | kept | 1Gi | local-path |  |
| \`taskflow/app-storage\` | kept | 1Gi | local-path |  |
| \`taskflow/logs-storage\` | kept | 1Gi | local-path |  |
| \`taskflow/postgres-data-taskflow-db-0\` | kept | 1Gi | local-path |  |

The rest: N unchanged.

Policies: all mandatory ones kept. Not mandatory: \`backup-stated\` (disabled).

<details><summary>The whole preview</summary>

\`\`\`text
pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::cluster-storage::pulumi:pulumi:Stack::cluster-storage-dev]
Resources:
    N unchanged

Policy Packs run:
    Name                          Version
    cluster-storage|local|policy  0.1.0
\`\`\`

</details>
`,
    );
  });

  it("open one issue on drift, and close it when nothing differs", async () => {
    const file = reportFile("drift.json");
    const { apps } = cluster().kube;
    const scale = (replicas: number) =>
      apps.patchNamespacedDeploymentScale({
        name: "redis",
        namespace: "local-ai-system",
        body: [{ op: "replace", path: "/spec/replicas", value: replicas }],
      });
    await scale(0);
    try {
      const drift = await ci("ci:drift", "--out", file);
      assert.equal(drift.exitCode, 2, drift.printed);
    } finally {
      await scale(1);
    }
    assert.equal((await ci("ci:issue", file)).exitCode, 0);
    assert.match(github.issues[0]!.body!, /### dev: the cluster was changed outside of Pulumi\n\n[^]*replicas/);
    await ci("ci:drift", "--out", file);
    await ci("ci:issue", file);
    assert.deepEqual(
      github.issues.map(({ state }) => state),
      ["closed"],
    );
  });
});
