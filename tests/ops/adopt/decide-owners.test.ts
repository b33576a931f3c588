import assert from "node:assert/strict";
import { decideAdoption } from "../../../ops/adopt/decide";
import { describeFaults } from "../../../ops/adopt/print";
import type { LiveObject } from "../../../ops/adopt/types";
import { claimSpec, facts, live, planned, pod, stack, workloadSpec } from "./objects";

const mounted = (image: string, mount: object = {}) =>
  pod({
    image,
    claimName: "postgres-data",
    volumeMounts: [{ name: "storage", mountPath: "/var/lib/postgresql/data", ...mount }],
  });
const claim = planned("PersistentVolumeClaim", "postgres-data", { spec: claimSpec() }, "postgres");
const postgres = planned("StatefulSet", "postgres", {
  spec: workloadSpec({ serviceName: "postgres-headless", template: mounted("postgres:17.11-bookworm") }),
});

/** A workload that the program doesn't have, without pods. */
const owner = (template: object, more: object = {}): LiveObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "db", namespace: "data" },
  spec: { replicas: 0, selector: { matchLabels: { app: "db" } }, template },
  ...more,
});

/** What is refused, and what is noted, where the cluster has the claim and these workloads. */
function decided(...owners: LiveObject[]) {
  const verdicts = decideAdoption([claim, postgres], [], facts([[claim, live(claim)]], { owners }), stack);
  return {
    faults: describeFaults(verdicts),
    notes: verdicts.flatMap((verdict) => (verdict.action === "adopt" ? verdict.notes : [])),
  };
}

describe("what adopt decides about workloads that the stack doesn't have", () => {
  it("a database that was scaled down tells what it wrote", () =>
    assert.deepEqual(decided(owner(mounted("postgres:16"))).faults, [
      "Deployment data/db: it is PostgreSQL 16, and PostgreSQL 17 can't open its files; set services.postgres.image " +
        "to " +
        "postgres:16, or to an image of the same major version",
    ]));
  it("one that wrote what the service reads is only named", () =>
    assert.deepEqual(decided(owner(mounted("postgres:17"))), {
      faults: [],
      notes: ["Deployment db still names it: kubectl -n data delete deployment db"],
    }));
  it("one that keeps the data in another directory is refused", () =>
    assert.deepEqual(decided(owner(mounted("postgres:17", { subPath: "db" }))).faults, [
      "Deployment data/db: its data is in the directory db of postgres-data, and postgres looks in the root; stop it " +
        "and move the files within the volume",
    ]));
  it("a StatefulSet's template names its claim too", () => {
    const template = mounted("postgres:16");
    const container = {
      ...template.spec.containers[0],
      volumeMounts: [{ name: "db", mountPath: "/var/lib/postgresql/data" }],
    };
    const set = owner(
      {},
      {
        kind: "StatefulSet",
        metadata: { name: "data", namespace: "data" },
        spec: {
          replicas: 0,
          template: { spec: { containers: [container] } },
          volumeClaimTemplates: [{ metadata: { name: "db" } }],
        },
      },
    );
    const named = planned("PersistentVolumeClaim", "db-data-0", { spec: claimSpec() }, "postgres");
    const wanted = planned("StatefulSet", "postgres", {
      spec: workloadSpec({ template: pod({ image: "postgres:17", claimName: "db-data-0" }) }),
    });
    const verdicts = decideAdoption([named, wanted], [], facts([[named, live(named)]], { owners: [set] }), stack);
    assert.match(describeFaults(verdicts).join(), /^StatefulSet data\/data: it is PostgreSQL 16, and PostgreSQL 17 /);
  });
  it("one of an engine whose files go no way back is refused", () => {
    const redisClaim = planned("PersistentVolumeClaim", "redis-data", { spec: claimSpec() }, "redis");
    const redis = planned("Deployment", "redis", { spec: workloadSpec({ template: pod({ image: "redis:7.4.11" }) }) });
    const has = (image: string) => facts([[redisClaim, live(redisClaim)]], { owners: [owner(pod({ image }))] });
    const faults = (image: string) => describeFaults(decideAdoption([redisClaim, redis], [], has(image), stack));
    const begins = (image: string) => faults(image).join().split("; ")[0];
    assert.equal(
      begins("redis:8.0.1"),
      "Deployment data/db: claim redis-data was last written by Redis 8.0.1 (redis:8.0.1), and Redis 7.4.11 can't go " +
        "on with its files",
    );
    assert.equal(
      begins("valkey/valkey:8"),
      "Deployment data/db: claim redis-data was last written by Redis (valkey/valkey:8), and that image doesn't say " +
        "which version of Redis it has",
    );
    assert.deepEqual(faults("redis:7.2"), []);
  });
  it("one of another claim or namespace is no concern of the stack", () => {
    const elsewhere = owner(mounted("postgres:16"), { metadata: { name: "db", namespace: "other" } });
    assert.deepEqual(decided(elsewhere, owner(pod({ claimName: "other" }))), { faults: [], notes: [] });
  });
});
