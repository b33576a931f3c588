import assert from "node:assert/strict";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Namespace, PersistentVolumeClaim, Secret } from "@pulumi/kubernetes/core/v1";
import { RandomId, RandomPassword } from "@pulumi/random";
import { find, make, uniqueName, unmake } from "./cluster";
import { useStack, type Program } from "./stack";

describe("a preview of what is not known yet", () => {
  const stack = useStack();
  const namespace = uniqueName("contract");
  const className = uniqueName("contract-class");

  before(() =>
    make("storage.k8s.io/v1/StorageClass", {
      metadata: { name: className },
      provisioner: "contract.test/none",
      volumeBindingMode: "WaitForFirstConsumer",
    }),
  );
  after(() => unmake("storage.k8s.io/v1/StorageClass", className));

  const declare =
    (keeper: string): Program =>
    (options, { shellImage }) => {
      const id = new RandomId("id", { byteLength: 4, keepers: { keeper } });
      const password = new RandomPassword("password", { length: 20, keepers: { keeper } });
      const own = new Namespace("namespace", { metadata: { name: namespace } }, options);
      const metadata = { namespace: own.metadata.name, labels: { id: id.hex } };
      new Secret(
        "secret",
        { metadata: { ...metadata, name: "secret" }, stringData: { password: password.result } },
        options,
      );
      new ConfigMap("settings", { metadata: { ...metadata, name: "settings" }, data: { id: id.hex } }, options);
      const claim = new PersistentVolumeClaim(
        "claim",
        {
          metadata: { ...metadata, name: "data" },
          spec: {
            storageClassName: className,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
          },
        },
        options,
      );
      new Deployment(
        "app",
        {
          metadata: { name: "app", namespace: own.metadata.name, annotations: { "pulumi.com/skipAwait": "true" } },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: "app" } },
            template: {
              metadata: { labels: { app: "app" }, annotations: { id: id.hex } },
              spec: {
                containers: [{ name: "main", image: shellImage, command: ["sleep", "3600"] }],
                volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim.metadata.name } }],
              },
            },
          },
        },
        options,
      );
    };

  const all = ["id", "password", "namespace", "secret", "settings", "claim", "app"];

  it("of new objects, in a namespace that isn't there, works and creates nothing", async () => {
    const steps = await stack().preview(declare("1"));
    assert.deepEqual(
      all.map((name) => steps[name]),
      all.map(() => "create"),
    );
    assert.equal(await find("v1/Namespace", namespace), undefined);
  });

  /**
   * Where what they are made from is deleted first, because names are fixed, the engine takes everything in them for
   * unknown.
   */
  it("of values that will be drawn anew shows what they change, and replaces what is made from them", async () => {
    await stack().up(declare("1"));
    const steps = await stack().preview(declare("2"));
    const { id, password, secret, settings, claim, app } = steps;
    assert.deepEqual(
      { id, password, secret, settings, claim, app },
      {
        id: "replace",
        password: "replace",
        secret: "replace",
        settings: "replace",
        claim: "replace",
        app: "replace",
      },
    );
  });

  it("and none of it happens", async () => {
    const steps = await stack().preview(declare("1"));
    assert.deepEqual(
      all.map((name) => steps[name]),
      all.map(() => "same"),
    );
  });
});
