import assert from "node:assert/strict";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import { change, find, list, uniqueName, unmake, useNamespace } from "./cluster";
import { failureOf, useStack } from "./stack";

describe("deletions", () => {
  const namespace = useNamespace();
  const stack = useStack();

  it("end when the object and what it owns are gone", async () => {
    const own = uniqueName("contract");
    await stack().up((options, { shellImage }) => {
      const parent = new Namespace("namespace", { metadata: { name: own } }, options);
      new Deployment(
        "app",
        {
          metadata: { name: "app", namespace: parent.metadata.name },
          spec: {
            selector: { matchLabels: { app: "app" } },
            template: {
              metadata: { labels: { app: "app" } },
              spec: {
                terminationGracePeriodSeconds: 0,
                containers: [{ name: "main", image: shellImage, command: ["sleep", "3600"] }],
              },
            },
          },
        },
        options,
      );
    });
    await stack().up(() => undefined);
    assert.equal(await find("v1/Namespace", own), undefined);
  });

  const propagation: [policy: string | undefined, deployment: string, replicaSet: boolean, pod: boolean][] = [
    [undefined, "ends with what it owns", false, false],
    ["background", "ends while its pod still does", false, true],
    ["orphan", "leaves all of it", true, true],
  ];
  for (const [policy, what, replicaSet, pod] of propagation) {
    it(`of a Deployment with propagation policy ${policy ?? "unset"} ${what}`, async () => {
      const app = `slow-${policy ?? "default"}`;
      const annotations: Record<string, string> =
        policy === undefined ? {} : { "pulumi.com/deletionPropagationPolicy": policy };
      await stack().up((options, { shellImage }) => {
        const containers = [
          { name: "main", image: shellImage, command: ["sh", "-c", "trap '' TERM; sleep 3600 & wait; wait"] },
        ];
        new Deployment(
          app,
          {
            metadata: { name: app, namespace: namespace(), annotations },
            spec: {
              selector: { matchLabels: { app } },
              template: { metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 8, containers } },
            },
          },
          options,
        );
      });
      await stack().up(() => undefined);
      assert.equal(await find("apps/v1/Deployment", app, namespace()), undefined);
      assert.equal((await list("v1/Pod", namespace(), `app=${app}`)).length > 0, pod);
      if (policy !== "background")
        assert.equal((await list("apps/v1/ReplicaSet", namespace(), `app=${app}`)).length > 0, replicaSet);
    });
  }

  it("that are held up fail after their time-out, and say what holds them", async () => {
    const finalizers = ["contract.test/held"];
    const metadata = { name: "held", namespace: namespace() };
    await stack().up((options) => {
      new ConfigMap(
        "held",
        { metadata: { ...metadata, finalizers } },
        { ...options, customTimeouts: { delete: "3s" } },
      );
    });
    assert.match(await failureOf(stack().up(() => undefined)), /finalizers/);
    assert.ok((await find("v1/ConfigMap", "held", namespace()))?.metadata?.deletionTimestamp);
    await change("v1/ConfigMap", { metadata: { ...metadata, finalizers: null } as never });
    await stack().up(() => undefined);
  });

  it("of what someone else deleted are done", async () => {
    await stack().up(
      (options) => void new ConfigMap("gone", { metadata: { name: "gone", namespace: namespace() } }, options),
    );
    await unmake("v1/ConfigMap", "gone", namespace());
    assert.equal((await stack().up(() => undefined)).steps.gone, "delete");
  });

  it("that a refresh finds are made good by the next update", async () => {
    const program = (options: object) =>
      void new ConfigMap("back", { metadata: { name: "back", namespace: namespace() } }, options);
    await stack().up(program);
    await unmake("v1/ConfigMap", "back", namespace());
    assert.equal((await stack().refresh(program)).back, "refresh");
    assert.equal((await stack().up(program)).steps.back, "create");
    assert.ok(await find("v1/ConfigMap", "back", namespace()));
  });

  it("of fields by someone else are undone after a refresh", async () => {
    const program = (options: object) =>
      void new ConfigMap("drift", { metadata: { name: "drift", namespace: namespace(), labels: { a: "1" } } }, options);
    await stack().up(program);
    await change("v1/ConfigMap", { metadata: { name: "drift", namespace: namespace(), labels: { a: "2" } } as never });
    await stack().refresh(program);
    assert.equal((await stack().preview(program)).drift, "update");
  });
});
