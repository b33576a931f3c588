import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MoveBinding } from "../../model/move-rights";
import type { Answer, AskOptions } from "../../kube/api";
import { moveRights } from "../../preflight/move-rights";

const binding: MoveBinding = {
  metadata: { name: "redis-move-running", namespace: "cache", labels: { a: "b" }, annotations: { c: "d" } },
  app: "redis-move",
  role: "uid-of-role",
  jobs: ["redis-data-1-to-2", "redis-data-2-to-3"],
};
const path = "/apis/rbac.authorization.k8s.io/v1/namespaces/cache/rolebindings/redis-move-running";
const job = (name: string) => `/apis/batch/v1/namespaces/cache/jobs/${name}`;
const complete = { status: { conditions: [{ type: "Complete", status: "True" }] } };
const failed = { status: { conditions: [{ type: "Failed", status: "True" }] } };

/** A cluster with these answers, and the changes that it was asked for. */
function cluster(answers: Record<string, readonly [status: number, body?: object]>) {
  const changes: unknown[][] = [];
  const ask = async (at: string, { method, body }: AskOptions = {}): Promise<Answer> => {
    if (method) changes.push([method, at, ...(body === undefined ? [] : [body])]);
    const [status, answer = {}] = answers[`${method ?? "GET"} ${at}`] ?? answers[at] ?? [404];
    return { status, body: JSON.stringify(answer) };
  };
  return { rights: moveRights({ server: "https://cluster", ask }), changes };
}

const done = { [job("redis-data-1-to-2")]: [200, complete], [job("redis-data-2-to-3")]: [200, complete] } as const;

describe("the rights of a move", () => {
  let warnings: string[];
  const warn = pulumi.log.warn;
  beforeEach(() => {
    warnings = [];
    Object.assign(pulumi.log, { warn: async (text: string) => void warnings.push(text) });
  });
  afterEach(() => void Object.assign(pulumi.log, { warn }));

  it("come with what opens the repository, for a restore, and both go with it", async () => {
    const secret = "/api/v1/namespaces/cache/secrets/redis-move-repository";
    const [at, there] = [path, secret].map((each) => `${each}?fieldManager=cluster-storage&force=true`);
    const restore = { ...binding, repository: { password: "p" } };
    const { rights, changes } = cluster({ ...done, [at!]: [201], [there!]: [201], [`DELETE ${path}`]: [200] });
    await rights.give(restore);
    const [, , body] = changes[1] as [string, string, { metadata: { name: string; ownerReferences: object[] } }];
    assert.deepEqual(changes[1], [
      "APPLY",
      there,
      { ...body, apiVersion: "v1", kind: "Secret", stringData: { password: "p" } },
    ]);
    assert.deepEqual(
      [body.metadata.name, body.metadata.ownerReferences],
      [
        "redis-move-repository",
        [{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", name: "redis-move", uid: "uid-of-role" }],
      ],
    );
    await rights.take(restore);
    assert.deepEqual(changes.slice(2), [
      ["DELETE", secret],
      ["DELETE", path],
    ]);
  });

  it("are given by a binding that goes with the role", async () => {
    const at = `${path}?fieldManager=cluster-storage&force=true`;
    const { rights, changes } = cluster({ [at]: [201] });
    await rights.give(binding);
    assert.deepEqual(changes, [
      [
        "APPLY",
        at,
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: {
            ...binding.metadata,
            ownerReferences: [
              { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", name: "redis-move", uid: "uid-of-role" },
            ],
          },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "redis-move" },
          subjects: [{ kind: "ServiceAccount", name: "redis-move", namespace: "cache" }],
        },
      ],
    ]);
  });

  it("stop the update where they can't be given", async () => {
    const at = `${path}?fieldManager=cluster-storage&force=true`;
    const { rights } = cluster({ [at]: [403, { message: "rolebindings is forbidden" }] });
    await assert.rejects(rights.give(binding), {
      message:
        "the account cache/redis-move could not be given the rights for its move: the cluster answers 403: " +
        "rolebindings is forbidden. No data was moved.",
    });
  });

  it("are taken when each job is complete, or is not there", async () => {
    for (const jobs of [done, { [job("redis-data-2-to-3")]: [200, complete] } as const]) {
      const { rights, changes } = cluster({ ...jobs, [`DELETE ${path}`]: [200] });
      await rights.take(binding);
      assert.deepEqual(changes, [["DELETE", path]]);
    }
    assert.deepEqual(warnings, []);
  });

  it("stay while a job runs or has failed, or may not be read", async () => {
    const others = [[200, {}], [200, failed], [403]] as const;
    for (const other of others) {
      const { rights, changes } = cluster({ ...done, [job("redis-data-2-to-3")]: [...other] });
      await rights.take(binding);
      assert.deepEqual(changes, []);
    }
    assert.deepEqual(warnings, []);
  });

  it("are gone already: nothing is said", async () => {
    const { rights, changes } = cluster({ ...done, [`DELETE ${path}`]: [404] });
    await rights.take(binding);
    assert.deepEqual([changes.length, warnings], [1, []]);
  });

  it("that can't be taken are a warning, with the command", async () => {
    const { rights } = cluster({ ...done, [`DELETE ${path}`]: [403, { message: "forbidden" }] });
    await rights.take(binding);
    const silent = moveRights({ server: "", ask: () => Promise.reject(new Error("no answer within 5 s")) });
    await silent.take(binding);
    const command = "kubectl delete rolebinding redis-move-running -n cache";
    assert.deepEqual(warnings, [
      `the rights of a finished move were not taken away: the cluster answers 403: forbidden; ${command}`,
      "the rights of a finished move were not taken away: no answer within 5 s; the next update takes them away, or " +
        command,
    ]);
  });
});
