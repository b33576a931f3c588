import assert from "node:assert/strict";
import type { Facts, Planned } from "../../../ops/adopt/types";
import { decideAdoption } from "../../../ops/adopt/decide";
import { claim, claimSpec, deployment, facts, live, planned, stack, workloadSpec } from "./objects";
import { outcome, of, claimIs, podIs, at, statefulSet, user } from "./outcome";

describe("what adopt decides", () => {
  const cases: [what: string, resource: Planned, has: Facts, decided: string][] = [
    ["nothing there", claim, facts([]), "nothing"],
    ["the same claim", claim, of(claim), "adopt"],
    [
      "the same size, written another way",
      claim,
      claimIs({ resources: { requests: { storage: "10240Mi" } } }),
      "adopt",
    ],
    [
      "a claim of the stack that destroy retained",
      claim,
      of(claim, { metadata: { annotations: { "cluster-storage/stack": stack } } }),
      "adopt",
    ],
    [
      "a size with a fraction in the config",
      planned(
        "PersistentVolumeClaim",
        "redis-data",
        { spec: claimSpec({ resources: { requests: { storage: "1.5Gi" } } }) },
        "redis",
      ),
      claimIs({ resources: { requests: { storage: "1536Mi" } } }),
      "adopt",
    ],
    [
      "another size",
      claim,
      claimIs({ resources: { requests: { storage: "5Gi" } } }),
      `${at} it asks for 5Gi, the config says 10Gi; write services.redis.size: 5Gi; it can be changed after ` +
        "the claim belongs to the stack",
    ],
    [
      "another class",
      claim,
      claimIs({ storageClassName: "standard" }),
      `${at} its class is "standard", the config's "local-path"; write services.redis.class: standard (and a ` +
        "backend that has this class); npm run move takes the data to another afterwards",
    ],
    [
      "a static volume",
      claim,
      claimIs({ storageClassName: "" }),
      `${at} its class is none, the config's "local-path"; write services.redis.class: ""; npm run move takes ` +
        "the data to another afterwards",
    ],
    [
      "another mode",
      claim,
      claimIs({ accessModes: ["ReadWriteOncePod"] }),
      `${at} it is ReadWriteOncePod, the config says ReadWriteOnce; write services.redis.accessMode: ReadWriteOncePod`,
    ],
    [
      "two modes",
      claim,
      claimIs({ accessModes: ["ReadWriteOnce", "ReadWriteMany"] }),
      `${at} it is ReadWriteOnce and ReadWriteMany, the config says ReadWriteOnce; a claim of the stack has ` +
        "one mode: make a new claim and copy the data",
    ],
    [
      "a block device",
      claim,
      claimIs({ volumeMode: "Block" }),
      `${at} it is a raw block device, and the services keep files; give services.redis another name: claim: NAME`,
    ],
    [
      "a claim whose volume is gone",
      claim,
      claimIs({ volumeName: "pv-1" }, { status: { phase: "Lost" } }),
      `${at} its volume pv-1 is gone from the cluster; bring the volume back, or delete the claim: kubectl -n ` +
        "data delete pvc redis-data",
    ],
    [
      "a claim that its StatefulSet takes along",
      claim,
      of(claim, { metadata: { ownerReferences: [{ kind: "StatefulSet", name: "redis" }] } }),
      `${at} it is deleted with its owner, StatefulSet redis; take it from there: kubectl -n data patch pvc ` +
        `redis-data --type json -p '[{"op":"remove","path":"/metadata/ownerReferences"}]'`,
    ],
    [
      "a claim on its way out",
      claim,
      of(claim, { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      `${at} it is being deleted; wait until it is gone, and run this again`,
    ],
    [
      "another stack's",
      claim,
      of(claim, { metadata: { annotations: { "cluster-storage/stack": "shop/prod" } } }),
      `${at} it belongs to the stack shop/prod; give this stack's service another namespace or claim; if shop/prod ` +
        "was this stack's name: npm run recover -- --renamed-from prod --stack dev",
    ],
    [
      "a Helm release's",
      claim,
      of(claim, { metadata: { annotations: { "meta.helm.sh/release-name": "cache" } } }),
      `${at} it belongs to the Helm release cache; take it out of there first, keeping the object`,
    ],
    ["the same workload", deployment, of(deployment), "adopt"],
    ["a workload with another image", deployment, podIs({ image: "redis:6" }), "adopt: image redis:6 becomes redis:7"],
    [
      "a workload with another selector",
      deployment,
      podIs({}, { selector: { matchLabels: { app: "redis" } } }),
      "replace: its selector differs",
    ],
    [
      "one that somebody applies on the server",
      deployment,
      of(deployment, { metadata: { managedFields: [{ manager: "kubectl", operation: "Apply" }] } }),
      "replace: kubectl applies it",
    ],
    [
      "another headless service",
      statefulSet,
      of(statefulSet, { spec: workloadSpec({ serviceName: "redis" }) }),
      "replace: its headless service differs",
    ],
    [
      "claim templates",
      statefulSet,
      of(statefulSet, {
        spec: workloadSpec({ serviceName: "redis-headless", volumeClaimTemplates: [{ metadata: { name: "data" } }] }),
      }),
      "replace: its claim templates differ",
    ],
    [
      "data in an emptyDir",
      deployment,
      podIs({ volume: { emptyDir: {} } }),
      "Deployment data/redis: its data in /data is in an emptyDir, which is deleted with the pod; write this " +
        "into the stack file first: " +
        "services.redis.backend: one of type ephemeral; then npm run move -- redis --to BACKEND brings it onto a claim",
    ],
    [
      "data in an emptyDir, and another selector too",
      deployment,
      podIs({ volume: { emptyDir: {} } }, { selector: { matchLabels: { app: "redis" } } }),
      "Deployment data/redis: its data in /data is in an emptyDir, which is deleted with the pod; write this " +
        "into the stack file first: " +
        "services.redis.backend: one of type ephemeral; then npm run move -- redis --to BACKEND brings it onto a claim",
    ],
  ];
  for (const [what, resource, has, decided] of cases) it(what, () => assert.equal(outcome(resource, has), decided));

  it("is not refused for a workload of the state: a refresh forgets a lost claim, and keeps its workload", () => {
    const uses = user({ owner: { kind: "Deployment", name: "redis" } });
    const has = facts([[claim, live(claim, { spec: claimSpec({ volumeName: "pvc-1" }) })]], { users: [uses] });
    const actions = (recorded: Planned[]) => decideAdoption([claim], recorded, has, stack).map(({ action }) => action);
    assert.deepEqual([actions([deployment]), actions([])], [["adopt"], ["refuse"]]);
  });
});
