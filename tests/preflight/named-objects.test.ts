import assert from "node:assert/strict";
import type { NamedObjectFacts, PreflightFacts } from "../../model/preflight-facts";
import { namedObjects } from "../../preflight/checks/named-objects";
import { stack } from "./cluster";

const env = { PASS: { secret: { name: "mail", key: "password" } } };
const { plan } = stack(undefined, { redis: { size: "2Gi", namespace: "cache", env } });
const run = (fact: Partial<NamedObjectFacts>, namespaces = ["cache"]) =>
  namedObjects.run({
    pods: [],
    plan,
    facts: {
      named: [{ kind: "Secret", namespace: "cache", name: "mail", ...fact }],
      namespaces: namespaces.map((name) => ({ name, labels: {}, phase: "Active" })),
    } as unknown as PreflightFacts,
  });
const names = "which cluster-storage:services.redis.env.PASS names";
const make = "kubectl --context home -n cache create secret generic mail --from-literal=password=VALUE";

describe("preflight's check of the objects that the config names", () => {
  it("has nothing to say where it names none", () => {
    assert.deepEqual(namedObjects.run({ pods: [], plan: stack().plan, facts: {} as PreflightFacts }), []);
  });

  it("is right where each is there with its key", () => {
    assert.deepEqual(run({ there: true, keys: ["password"] }), [
      { id: "named-objects", level: "ok", title: "the Secrets and ConfigMaps that the config names are there" },
    ]);
  });

  it("is an error where one isn't there, or has not the key, with the command", () => {
    assert.deepEqual(run({ there: false }), [
      {
        id: "named-objects",
        level: "error",
        title: `Secret cache/mail, ${names}, is not there, and the pod would wait for it for ever`,
        wayOut: `make it: ${make}`,
      },
    ]);
    assert.deepEqual(run({ there: true, keys: ["user"] }), [
      {
        id: "named-objects",
        level: "error",
        title: `Secret cache/mail has no key password, ${names}, and the pod would wait for it for ever`,
        wayOut:
          "add it: kubectl --context home -n cache patch secret mail -p " + `'{"stringData":{"password":"VALUE"}}'`,
      },
    ]);
  });

  it("is a warning where its namespace is still to be made, and not known where it may not be read", () => {
    assert.deepEqual(run({ there: false }, []), [
      {
        id: "named-objects",
        level: "warning",
        title: `Secret cache/mail, ${names}, can't be there before its namespace is, and the pod waits for it`,
        wayOut: `make it as soon as the update has made the namespace: ${make}`,
      },
    ]);
    assert.deepEqual(run({}), [
      {
        id: "named-objects",
        level: "skipped",
        title:
          `whether Secret cache/mail is there, ${names}, is not known: it may not be read with this context's ` +
          "credentials",
      },
    ]);
  });

  it("is a warning where a registry's Secret isn't there, in the namespace of each pod that has it", () => {
    const { plan } = stack(undefined, {
      postgres: { size: "2Gi", imagePullSecrets: ["hub"] },
      n8n: { size: "1Gi" },
    });
    const facts = (namespaces: string[]) =>
      ({
        named: ["local-ai-data", "local-ai-n8n"].map((namespace) => ({
          kind: "Secret",
          namespace,
          name: "hub",
          there: namespace === "local-ai-data",
        })),
        namespaces: namespaces.map((name) => ({ name, labels: {}, phase: "Active" })),
      }) as unknown as PreflightFacts;
    const found = (namespaces: string[]) => namedObjects.run({ pods: [], plan, facts: facts(namespaces) });
    const named = "Secret local-ai-n8n/hub, which cluster-storage:services.postgres.imagePullSecrets[0] names,";
    const create =
      "kubectl --context home -n local-ai-n8n create secret docker-registry hub --docker-server=REGISTRY " +
      "--docker-username=USER --docker-password=PASSWORD";
    assert.deepEqual(found(["local-ai-data", "local-ai-n8n"]), [
      {
        id: "named-objects",
        level: "warning",
        title: `${named} is not there, and the registry is asked without a password`,
        wayOut: `make it: ${create}`,
      },
    ]);
    assert.deepEqual(found(["local-ai-data"]), [
      {
        id: "named-objects",
        level: "warning",
        title: `${named} can't be there before its namespace is, and the registry is asked without a password`,
        wayOut: `make it as soon as the update has made the namespace: ${create}`,
      },
    ]);
  });
});
