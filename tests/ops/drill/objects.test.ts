import assert from "node:assert/strict";
import type { V1Namespace } from "@kubernetes/client-node";
import { missingNeed, neededFirst, withNeeded } from "../../../ops/drill/choose";
import { drillNamespace } from "../../../ops/drill/names";
import { claimLike, namespaceOf, policiesOf, quotaOf, serviceLike } from "../../../ops/drill/objects";
import type { BackedUpService } from "../../../ops/backup/decide";
import type { StackOutputs } from "../../../ops/pulumi/outputs";

const ground = { namespace: "backups-drill", run: "r1" };
const metadata = (name: string) => ({ name, namespace: "backups-drill", labels: { "cluster-storage/drill": "r1" } });

describe("a drill's namespace", () => {
  it("is called after that of the stack's backups, within what a name may have", () => {
    assert.equal(drillNamespace("backups", "newest"), "backups-drill");
    assert.equal(drillNamespace("backups", "before"), "backups-drill-before");
    const long = drillNamespace("a".repeat(63), "before");
    assert.deepEqual([long.length, long.slice(-14)], [63, "a-drill-before"]);
  });

  const like = (level?: string): V1Namespace => ({
    metadata: { labels: level === undefined ? {} : { "pod-security.kubernetes.io/enforce": level } },
  });
  const levelOf = (...levels: (string | undefined)[]) =>
    namespaceOf(ground, { like: levels.map(like), key: "k" }).metadata?.labels?.["pod-security.kubernetes.io/enforce"];

  it("enforces what the services' own enforce, and the least of it where they differ", () => {
    assert.equal(levelOf("restricted", "restricted"), "restricted");
    assert.equal(levelOf("restricted", "baseline"), "baseline");
    assert.equal(levelOf("restricted", undefined), "privileged");
  });

  it("says whose it is, which record it writes, and that Velero leaves it out", () =>
    assert.deepEqual(namespaceOf(ground, { like: [], key: "the-key" }).metadata, {
      name: "backups-drill",
      labels: {
        "cluster-storage/drill": "r1",
        "velero.io/exclude-from-backup": "true",
        "pod-security.kubernetes.io/enforce": "restricted",
      },
      annotations: { "cluster-storage/drill-alive": "0", "cluster-storage/drill-record": "the-key" },
    }));

  it("has room for the copies, and nothing that is reached from outside", () =>
    assert.deepEqual(quotaOf(ground, ["1Gi", "512Mi"], 2), {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: metadata("drill"),
      spec: {
        hard: {
          "requests.storage": "1610612736",
          persistentvolumeclaims: "2",
          pods: "4",
          "services.loadbalancers": "0",
          "services.nodeports": "0",
        },
      },
    }));

  it("is closed: copies reach each other, and the repository is reached by what restores alone", () => {
    const here = [{ podSelector: {} }];
    const repository = { ports: [{ protocol: "TCP", port: 8000 }] };
    const policy = (name: string, spec: object) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata(name),
      spec,
    });
    assert.deepEqual(policiesOf(ground, [repository]), [
      policy("closed", {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ _from: here }],
        egress: [{ to: here }],
      }),
      policy("restores", {
        podSelector: { matchLabels: { "cluster-storage/drill-part": "restore" } },
        policyTypes: ["Egress"],
        egress: [repository],
      }),
    ]);
  });
});

describe("a drill's claim", () => {
  const claim = (storageClassName?: string) => ({
    metadata: { name: "redis-data", namespace: "cache", uid: "u", annotations: { a: "b" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName,
      volumeName: "pv-1",
      resources: { requests: { storage: "1Gi" } },
    },
  });
  const made = new Set(["fast"]);
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

  it("is like the service's own, and another volume's", () =>
    assert.deepEqual(claimLike(ground, claim("fast"), made), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: metadata("redis-data"),
      spec: { ...spec, storageClassName: "fast" },
    }));

  it("is of the default class where a person makes the volumes of its own", () => {
    assert.deepEqual(claimLike(ground, claim("static"), made).spec, spec);
    assert.deepEqual(claimLike(ground, claim(""), made).spec, spec);
  });
});

describe("a copy's Service", () => {
  it("leads to the run's pod, and is reached from inside alone", () =>
    assert.deepEqual(
      serviceLike(ground, {
        metadata: { name: "postgres", namespace: "data" },
        spec: {
          type: "NodePort",
          clusterIP: "10.0.0.1",
          selector: { "app.kubernetes.io/name": "postgres" },
          ports: [{ name: "postgres", port: 5432, nodePort: 30000, protocol: "TCP", targetPort: 5432 }],
        },
      }),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: metadata("postgres"),
        spec: {
          selector: { "app.kubernetes.io/name": "postgres", "cluster-storage/drill": "r1" },
          ports: [{ name: "postgres", port: 5432, protocol: "TCP", targetPort: 5432 }],
        },
      },
    ));
});

describe("the services that are drilled", () => {
  const backup = { namespace: "backups", cronJob: "x", schedule: "", repository: "" };
  const service = (more: object) => ({ run: true, claims: [], needs: [], ...more }) as unknown as BackedUpService[1];
  const services = {
    postgres: service({ backup }),
    n8n: service({ backup, needs: ["postgres"] }),
    bare: service({}),
    app: service({ backup, needs: ["bare"] }),
  } as StackOutputs["services"];
  const names = (name: "n8n" | "postgres" | "app") =>
    withNeeded([[name, services[name] as BackedUpService[1]]], services).map(([each]) => each);

  it("are those that are named, and those that these start on", () => {
    assert.deepEqual(names("postgres"), ["postgres"]);
    assert.deepEqual(names("n8n"), ["postgres", "n8n"]);
  });

  it("have their points made in an order in which what others start on comes first", () => {
    const two = [
      ["n8n", services.n8n],
      ["postgres", services.postgres],
    ] as BackedUpService[];
    assert.deepEqual(
      neededFirst(two).map(([name]) => name),
      ["postgres", "n8n"],
    );
  });

  it("can't be started where they start on one without a backup", () => {
    assert.deepEqual(names("app"), ["app"]);
    const drilled = names("app").map((name) => [name, services[name]] as BackedUpService);
    assert.equal(
      missingNeed(drilled[0]!, drilled),
      "it starts on bare, which has no backup that could be restored beside it; give bare one (docs/backups.md), or " +
        "app a reason for none",
    );
    assert.equal(missingNeed(["postgres", services.postgres as BackedUpService[1]], drilled), undefined);
  });
});
