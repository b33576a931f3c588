import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { generated, one, secretOf, type Recorded } from "./recorded";

describe("a service with a database of its own", () => {
  let all: Recorded[];
  before(async () => (all = await deploy("    n8n: { size: 1Gi }\n    postgres: { size: 1Gi }")));

  it("gets it by a job beside the server, whose administrator's password stays there", () => {
    const job = one(all, "Job", "postgres-database-n8n").inputs;
    assert.equal(job.metadata.namespace, "local-ai-data");
    const env = job.spec.template.spec.containers[0].env as {
      name: string;
      value?: string;
      valueFrom?: { secretKeyRef: object };
    }[];
    assert.deepEqual(env.find(({ name }) => name === "PGPASSWORD")?.valueFrom?.secretKeyRef, {
      name: "postgres",
      key: "password",
    });
    assert.deepEqual(env.find(({ name }) => name === "PGHOST")?.value, "postgres.local-ai-data.svc.cluster.local");
    assert.deepEqual(secretOf(one(all, "Secret", "postgres-database-n8n").inputs.stringData), {
      password: generated("n8n-database-password"),
    });
    const theirs = all.filter(({ inputs }) => inputs.metadata?.namespace === "local-ai-n8n");
    assert.ok(!JSON.stringify(theirs.map(({ inputs }) => inputs)).includes(generated("postgres-password")));
  });

  it("has its password set by a session that the server logs nothing of", () => {
    const { command } = one(all, "Job", "postgres-database-n8n").inputs.spec.template.spec.containers[0];
    const script = String(command[2]);
    const set = script.slice(0, script.indexOf("password %L"));
    for (const off of [
      "set log_statement = 'none';",
      "set log_duration = off;",
      "set log_min_duration_statement = -1;",
      "set log_min_duration_sample = -1;",
      "set log_min_error_statement = 'panic';",
      "set pgaudit.log = 'none';",
      "set pg_stat_statements.track = 'none';",
      "\\set VERBOSITY terse",
    ])
      assert.ok(set.includes(off), off);
  });

  it("waits until it can log in, with its own password", () => {
    const [wait] = one(all, "Deployment", "n8n").inputs.spec.template.spec.initContainers;
    assert.equal(wait.image, "postgres:17.11-bookworm");
    assert.deepEqual(wait.env.at(-1), {
      name: "PGPASSWORD",
      valueFrom: { secretKeyRef: { name: "n8n", key: "database-password" } },
    });
    assert.deepEqual([wait.securityContext.runAsUser, wait.securityContext.readOnlyRootFilesystem], [999, true]);
  });

  const after = (kind: string, name: string) => {
    const dependsOn = one(all, kind, name).opts.dependsOn as unknown as { __name: string; __pulumiType: string }[];
    return dependsOn.map(({ __pulumiType, __name }) => `${__pulumiType.split(":").at(-1)} ${__name}`);
  };

  it("starts after the server, and goes before it when both are destroyed; for the job its pod waits", () => {
    assert.ok(after("Deployment", "n8n").includes("StatefulService postgres"));
    assert.ok(!after("Deployment", "n8n").includes("Database postgres-database-n8n"));
  });

  it("has its job made while the server starts, once the password that it logs in with is there", () => {
    const { opts } = all.find(
      ({ type, name }) => type === "cluster-storage:index:Database" && name === "postgres-database-n8n",
    )!;
    const names = (opts.dependsOn as unknown as { __name: string; __pulumiType: string }[]).map(
      ({ __pulumiType, __name }) => `${__pulumiType.split(":").at(-1)} ${__name}`,
    );
    assert.ok(names.includes("Secret postgres"));
    assert.ok(!names.includes("StatefulService postgres"));
  });

  it("reaches the server and is let in there, on its port alone", () => {
    const out = one(all, "NetworkPolicy", "n8n").inputs.spec.egress;
    assert.deepEqual(out[1], {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "local-ai-data" } },
          podSelector: { matchLabels: { "app.kubernetes.io/name": "postgres" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 5432 }],
    });
    const into = one(all, "NetworkPolicy", "postgres").inputs.spec.ingress;
    assert.deepEqual(into, [
      {
        from: [
          { podSelector: {} },
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "local-ai-n8n" } },
            podSelector: { matchLabels: { "app.kubernetes.io/name": "n8n" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 5432 }],
      },
    ]);
  });
});
