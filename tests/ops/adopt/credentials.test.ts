import assert from "node:assert/strict";
import { pickCredentials, wantedCredentials } from "../../../ops/adopt/credentials";
import type { LiveObject, Planned } from "../../../ops/adopt/types";
import { live, planned, pod, workloadSpec } from "./objects";

const parent = (service: string) => `urn:pulumi:dev::shop::cluster-storage:index:Credentials::${service}`;
const secretOf = (service: string): Planned => ({ ...planned("Secret", service), parent: parent(service) });
const passwordOf = (service: string, key: string): Planned => ({
  urn: `urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::${service}-${key}`,
  type: "random:index/randomPassword:RandomPassword",
  inputs: { length: 32 },
  parent: parent(service),
});

/** A service whose pod takes its key as `wants` says, and what its live pod has. */
function resources(
  service: string,
  key: string,
  wants: object[],
  has: { [field: string]: unknown },
  volumes: object[] = [],
): { all: Planned[]; objects: Map<string, LiveObject> } {
  const workload = planned("Deployment", service, { spec: workloadSpec({ template: pod({ env: wants }) }) });
  const template = pod(has);
  const object = live(workload, {
    spec: workloadSpec({ template: { spec: { ...template.spec, volumes: [...template.spec.volumes, ...volumes] } } }),
  });
  return { all: [secretOf(service), passwordOf(service, key), workload], objects: new Map([[workload.urn, object]]) };
}

function found(
  service: string,
  key: string,
  wants: object[],
  has: { [field: string]: unknown },
  secrets: Record<string, string> = {},
  volumes: object[] = [],
): string | undefined {
  const { all, objects } = resources(service, key, wants, has, volumes);
  const [one] = pickCredentials(wantedCredentials(all, objects), new Map(Object.entries(secrets)), new Set()).found;
  return one && `${one.value} (${one.from})`;
}

const file = [{ name: "POSTGRES_PASSWORD_FILE", value: "/run/secrets/postgres/password" }];
const variable = [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } }];
const neo4j = [
  { name: "GRAPH_PASSWORD", valueFrom: { secretKeyRef: { name: "neo4j", key: "password" } } },
  { name: "NEO4J_AUTH", value: "neo4j/$(GRAPH_PASSWORD)" },
];
const from = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });

describe("the credentials that adopt keeps", () => {
  it("are the values in use, where a stack file says that they were given anew", () => {
    const all = [secretOf("redis"), passwordOf("redis", "password"), passwordOf("redis", "password-2")];
    const wanted = wantedCredentials(all, new Map());
    assert.deepEqual(
      wanted.map(({ urn, key }) => [urn.split("::").pop(), key]),
      [["redis-password-2", "password"]],
    );
  });

  it("are those of the service's own Secret first", () => {
    const secrets = { "data/postgres/password": "kept", "data/db-secrets/pw": "other" };
    assert.equal(
      found(
        "postgres",
        "password",
        file,
        { env: [{ name: "POSTGRES_PASSWORD", ...from("db-secrets", "pw") }] },
        secrets,
      ),
      "kept (Secret postgres)",
    );
  });

  const cases: [what: string, result: string | undefined][] = [
    ["a variable's value", found("redis", "password", variable, { env: [{ name: "REDISCLI_AUTH", value: "open" }] })],
    [
      "a variable from a Secret of any name",
      found(
        "postgres",
        "password",
        file,
        { env: [{ name: "POSTGRES_PASSWORD", ...from("db-secrets", "pw") }] },
        { "data/db-secrets/pw": "kept" },
      ),
    ],
    [
      "all of a Secret as variables",
      found(
        "postgres",
        "password",
        file,
        { envFrom: [{ secretRef: { name: "db" } }] },
        { "data/db/POSTGRES_PASSWORD": "kept" },
      ),
    ],
    [
      "all of a Secret as variables with a prefix",
      found(
        "postgres",
        "password",
        file,
        { envFrom: [{ prefix: "POSTGRES_", secretRef: { name: "db" } }] },
        { "data/db/PASSWORD": "kept" },
      ),
    ],
    [
      "a file of a mounted Secret",
      found(
        "postgres",
        "password",
        file,
        {
          env: [{ name: "POSTGRES_PASSWORD_FILE", value: "/etc/db/pass.txt" }],
          volumeMounts: [{ name: "db", mountPath: "/etc/db" }],
        },
        { "data/db-files/pw": "kept" },
        [{ name: "db", secret: { secretName: "db-files", items: [{ key: "pw", path: "pass.txt" }] } }],
      ),
    ],
    [
      "the part of a variable",
      found("neo4j", "password", neo4j, { env: [{ name: "NEO4J_AUTH", value: "neo4j/s3cret/x" }] }),
    ],
    [
      "a variable that has nothing of it",
      found("neo4j", "password", neo4j, { env: [{ name: "NEO4J_AUTH", value: "none" }] }),
    ],
    ["no variable of that name", found("redis", "password", variable, { env: [{ name: "OTHER", value: "x" }] })],
    [
      "a Secret that isn't there",
      found("postgres", "password", file, { env: [{ name: "POSTGRES_PASSWORD", ...from("gone", "pw") }] }),
    ],
  ];
  const expected = [
    "open (variable REDISCLI_AUTH)",
    "kept (Secret db-secrets)",
    "kept (Secret db)",
    "kept (Secret db)",
    "kept (Secret db-files)",
    "s3cret/x (variable NEO4J_AUTH)",
    undefined,
    undefined,
    undefined,
  ];
  cases.forEach(([what, result], i) =>
    it(`${expected[i] ? "come from" : "don't come from"} ${what}`, () => assert.equal(result, expected[i])),
  );

  const missing = (service: string, key: string, held: string[]) => {
    const { all, objects } = resources(service, key, [], {});
    return pickCredentials(wantedCredentials(all, objects), new Map(), new Set(held)).faults.map(
      ({ fault }) => `${fault.why}; ${fault.wayOut}`,
    );
  };
  it("are asked for where the data was made with them and nobody has them", () => {
    assert.deepEqual(missing("postgres", "password", ["postgres"]), [
      "its data was made with a password that is in no Secret and in no running workload, and a new one can't " +
        "open the data; put the value into a Secret: " +
        "kubectl -n data create secret generic postgres --from-literal=password=VALUE",
    ]);
  });
  it("are made anew where there is no data yet, or it doesn't depend on them", () => {
    assert.deepEqual(missing("postgres", "password", []), []);
    assert.deepEqual(missing("redis", "password", ["redis"]), []);
  });
});
