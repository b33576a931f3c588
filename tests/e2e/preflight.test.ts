import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { provisionerRights } from "../../backends/local-path/rights";
import { connect, errorCode } from "../../kube/client";
import { checkout } from "../../ops/pulumi/project";
import { pulumiWith, ops, stackError } from "./cli";
import {
  addFakeNodes,
  create,
  doctored,
  fakeNodes,
  oldDefault,
  onNode,
  quotaNamespace,
  remove,
  accountsKubeconfig,
  writeStack,
} from "./doctored";
import { instance, useDeployedStack } from "./fixture";
import { fingerprint } from "./objects";

interface Report {
  ok: boolean;
  results: { group: string; id: string; level: string; title: string; wayOut?: string }[];
}

const beta = "storageclass.beta.kubernetes.io/is-default-class";
const oldDefaultTitle = `old-default stays a default class besides the stack's, by the old annotation ${beta}`;
const oldDefaultWayOut = `kubectl annotate storageclass old-default ${beta}-`;

const refuses =
  "the update makes roles with rights that these credentials don't have themselves, which Kubernetes refuses:";
const escalate =
  "have escalate and bind granted for clusterroles and roles (docs/ci.md; kubectl --context " +
  `cluster-storage-${instance} auth can-i escalate clusterroles tells) or these rights themselves, or name ` +
  "another context in cluster-storage:cluster.context";

describe("preflight", () => {
  const cluster = useDeployedStack();
  let stacks: string;
  let kubeconfig: string;
  before(async () => {
    stacks = await mkdtemp(join(tmpdir(), "preflight-"));
    kubeconfig = cluster().target.stack.env.KUBECONFIG!;
  });
  after(() => rm(stacks, { recursive: true }));

  const local = (...args: string[]) => ops(["preflight", ...args], { CLUSTER_STORAGE_INSTANCE: instance });
  const ofStack = (name: string, ...args: string[]) =>
    ops(["preflight", "--stack", name, ...args], { CLUSTER_STORAGE_STACKS: stacks });
  /** What is no tick, as `level id: title`, and below each cross its way out. */
  const troubles = (stdout: string) =>
    (JSON.parse(stdout) as Report).results
      .filter(({ level }) => level !== "ok")
      .flatMap(({ level, id, title, wayOut }) => [
        `${level} ${id}: ${title}`,
        ...(level === "error" ? [`  ${wayOut}`] : []),
      ]);

  it("is all ticks on the local cluster, in under five seconds, and leaves everything as it was", async () => {
    const before = await fingerprint(cluster().kube);
    const seconds: number[] = [];
    for (let run = 0; run < 2; run++) {
      const start = Date.now();
      const { exitCode, stdout } = await local();
      seconds.push((Date.now() - start) / 1000);
      assert.equal(exitCode, 0, stdout);
      const lines = stdout.split("\n");
      assert.deepEqual(
        lines.filter((line) => line.startsWith("  ") && !line.startsWith("  ✓ ")),
        [],
      );
      assert.equal(lines.at(-1), "16 passed, 0 failed");
    }
    // The quickest, because others may be using the machine.
    assert.ok(Math.min(...seconds) < 5, `took ${seconds.join(", ")} s`);
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });

  it("says the same as JSON", async () => {
    const { exitCode, stdout } = await local("--json");
    const report = JSON.parse(stdout) as Report & { stack: string; context: string };
    assert.deepEqual(
      [exitCode, report.stack, report.context, report.ok, report.results.length],
      [0, "dev", `cluster-storage-${instance}`, true, 16],
    );
    assert.deepEqual(report.results[1], {
      group: "cluster",
      id: "cluster-version",
      level: "ok",
      title: "Kubernetes v1.36.3 is in the supported range, 1.29 to 1.36",
    });
  });

  it("sees a full disk and a read-only path by probe pods, which leave nothing behind", async () => {
    const at = "/run/preflight";
    await onNode(`mkdir -p ${at}/full ${at}/fixed; for disk in disk other; do truncate -s 16M ${at}/$disk; mkfs.ext4 -q ${at}/$disk; done
      mount -o loop ${at}/disk ${at}/full
      dd if=/dev/zero of=${at}/full/file bs=1M 2>/dev/null || true
      mount -o loop,ro ${at}/other ${at}/fixed`);
    const backend = (path: string) => ({ type: "local-path", path: `${at}/${path}` });
    await writeStack(stacks, "disks", kubeconfig, {
      backends: { full: { ...backend("full"), default: true, overCommit: "warn" }, fixed: backend("fixed") },
      services: { redis: { size: "1Gi" } },
      preflight: {
        probeImage: (cluster().overrides["cluster-storage:preflight"] as { probeImage: string }).probeImage,
      },
    });
    const before = await fingerprint(cluster().kube);
    try {
      const { exitCode, stdout, printed } = await ofStack("disks", "--json", "--probe");
      assert.equal(exitCode, 1, printed);
      const lines = troubles(stdout).filter((line) => /local-path-|kubectl get pv|remount/.test(line));
      const [full = "", ...rest] = lines;
      assert.match(
        full,
        /^error local-path-space: \/run\/preflight\/full on local is full: \S+( bytes)? of [\d.]+Mi are free$/,
      );
      assert.deepEqual(
        rest.filter((line) => !/^warning local-path-space/.test(line)),
        [
          "  see which volumes lie there (kubectl get pv), make room, or mount a larger disk",
          `error local-path-writable: ${at}/fixed on local is read-only, mounted at ${at}/fixed`,
          "  mount it for writing: mount -o remount,rw, and the same in the node's fstab",
        ],
      );
      const own = (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "local-path-mount");
      assert.deepEqual(
        own.map(({ group, title }) => `${group}: ${title}`),
        [
          `full (local-path): ${at}/full is a mount of its own on local`,
          `fixed (local-path): ${at}/fixed is a mount of its own on local`,
        ],
      );
    } finally {
      await onNode(`umount ${at}/full ${at}/fixed; rm -r ${at}`);
    }
    assert.deepEqual(await fingerprint(cluster().kube), before);
    const namespaces = (await cluster().kube.core.listNamespace()).items.map(({ metadata }) => metadata?.name);
    assert.ok(!namespaces.includes("cluster-storage-preflight"));
  });

  it("names every fault of an unfit cluster, each with its way out", async () => {
    const { kube } = cluster();
    await writeStack(stacks, "unfit", kubeconfig, {
      backends: {
        disk: { type: "local-path", path: "/opt/volumes", default: true },
        big: { type: "longhorn", replicas: 4 },
      },
      services: { redis: { size: "2Gi", namespace: quotaNamespace } },
    });
    try {
      await create(kube, doctored);
      await addFakeNodes(kube);
      const { exitCode, stdout } = await ofStack("unfit", "--json");
      assert.equal(exitCode, 1);
      const image = (name: string) =>
        "  build an image with siderolabs/iscsi-tools and siderolabs/util-linux-tools, then: talosctl " +
        `-n ${name} upgrade --image IMAGE`;
      assert.deepEqual(troubles(stdout), [
        `error default-class: ${oldDefaultTitle}`,
        `  ${oldDefaultWayOut}`,
        "error provisioner-name: Deployment default/somebody-elses answers to rancher.io/disk as well: for " +
          "each claim both make a volume",
        "  take it away (kubectl -n default delete deployment somebody-elses; k3s: --disable=local-storage), " +
          "or rename backend disk, which names the stack's own",
        "error longhorn-leftovers: an earlier Longhorn left webhooks (longhorn-webhook-validator), 1 " +
          "definition and namespace longhorn-system",
        "  kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration --ignore-not-found " +
          "longhorn-webhook-validator\nkubectl delete crd volumes.longhorn.io\nkubectl delete namespace " +
          "longhorn-system",
        "error pod-security: namespace longhorn-system is not this stack's and enforces the cluster's " +
          "default: pods that work on the nodes are refused there",
        "  kubectl label namespace longhorn-system pod-security.kubernetes.io/enforce=privileged --overwrite, " +
          "or rename the backend that it is named after",
        `warning pod-security: namespace ${quotaNamespace} is not this stack's; from the update on it ` +
          "enforces restricted for every pod in it",
        `error quotas: quota ${quotaNamespace}/small allows 1Gi of requests.storage with 0 bytes in use, and ` +
          "the update asks for 2.0 GiB more (redis-data)",
        `  raise it (kubectl -n ${quotaNamespace} edit resourcequota small), or ask for less in the stack's config`,
        `error limit-ranges: limit range ${quotaNamespace}/sizes wants claims of at most 1Gi, and redis-data ` +
          "asks for 2Gi",
        `  set another size in cluster-storage:services.redis.size, or kubectl -n ${quotaNamespace} edit ` +
          "limitrange sizes",
        "skipped local-path-mount: it is not known whether /opt/volumes is a mount of its own on local, talos-1 " +
          "and talos-2, until a volume there is in use or a probe pod looks",
        "skipped local-path-writable: it is not known whether /opt/volumes can be written to on local, until a " +
          "volume is made there or a probe pod looks",
        "error local-path-writable: /opt/volumes on talos-1 and talos-2 is read-only: Talos lets nothing " +
          "write outside /var",
        "  use a user volume, which is mounted below /var/mnt: docs/talos.md",
        "skipped local-path-space: it is not known how much room the paths have, until a volume there is in " +
          "use or a probe pod looks",
        "skipped local-path-talos: talosctl didn't answer here, so it is not known whether Talos on " +
          "talos-1 has what /opt/volumes needs",
        "skipped local-path-talos: talosctl didn't answer here, so it is not known whether Talos on " +
          "talos-2 has what /opt/volumes needs",
        "error longhorn-nodes: 4 replicas of each volume need as many nodes, and 3 nodes take pods",
        "  add nodes, or set cluster-storage:backends.big.replicas to 3, with what that means for a lost node",
        "error longhorn-iscsi: talos-1 has no iscsi-tools extension and util-linux-tools extension",
        image("talos-1"),
        "error longhorn-iscsi: talos-2 has no iscsi-tools extension and util-linux-tools extension",
        image("talos-2"),
        "skipped longhorn-iscsi: only a probe pod can tell whether local has iscsiadm",
        "skipped longhorn-modules: only a probe pod can tell which kernel modules local has",
        "skipped longhorn-mounts: only a probe pod can tell how /var/lib/longhorn is mounted on local, talos-1 and " +
          "talos-2",
      ]);
    } finally {
      await remove(kube, [...fakeNodes, ...doctored]);
    }
  });

  it("says which rights are missing, and what may not be looked at for want of them", async () => {
    const file = join(stacks, "viewer");
    const made = await accountsKubeconfig(cluster().kube, file);
    await writeStack(stacks, "viewer", file, {
      backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
      services: { redis: { size: "1Gi" } },
    });
    try {
      const { exitCode, stdout } = await ofStack("viewer", "--json");
      assert.equal(exitCode, 1);
      const rights = (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "rights");
      assert.deepEqual(rights, [
        {
          group: "cluster",
          id: "rights",
          level: "error",
          title:
            "rights are missing: create/patch/delete namespaces, anything with storageclasses.storage.k8s.io, " +
            "anything with clusterroles.rbac.authorization.k8s.io, anything with " +
            "clusterrolebindings.rbac.authorization.k8s.io and 12 more",
          wayOut:
            `have them granted (kubectl --context cluster-storage-${instance} auth can-i create namespaces ` +
            "tells), or name another context in cluster-storage:cluster.context",
        },
        {
          group: "cluster",
          id: "rights",
          level: "error",
          title:
            `${refuses} get/list/watch nodes, update persistentvolumeclaims, anything with persistentvolumes, ` +
            "create/patch events and 2 more, for backend disk",
          wayOut: escalate,
        },
      ]);
      assert.ok(
        troubles(stdout).includes("skipped cluster-nodes: nodes may not be listed with this context's credentials"),
      );
    } finally {
      await remove(cluster().kube, made);
    }
  });

  it(
    "says which roles the API server wouldn't take from an account, and has nothing against the one of " +
      "docs/ci-account.yaml",
    async () => {
      const { kube } = cluster();
      const manifest = parseAllDocuments(await readFile(join(checkout, "docs/ci-account.yaml"), "utf8")).map(
        (document) => document.toJS() as { kind: string; rules?: { verbs: string[] }[] },
      );
      const rules = manifest.find(({ kind }) => kind === "ClusterRole")!.rules!;
      const bound = rules.map((rule) => ({
        ...rule,
        verbs: rule.verbs.filter((verb) => verb !== "escalate" && verb !== "bind"),
      }));
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "disk-provisioner" },
        rules: provisionerRights.cluster,
      };
      const refusal = {
        group: "cluster",
        id: "rights",
        level: "error",
        title:
          `${refuses} create/patch events, create/delete pods in disk-storage and get pods/log in disk-storage, ` +
          "for backend disk",
        wayOut: escalate,
      };
      const fine = {
        group: "cluster",
        id: "rights",
        level: "ok",
        title: "the context's credentials may do all that an update does",
      };
      for (const [name, rights, says, status] of [
        ["bound", bound, refusal, 403],
        ["documented", rules, fine, undefined],
      ] as const) {
        const file = join(stacks, name);
        const made = await accountsKubeconfig(kube, file, [...rights]);
        await writeStack(stacks, name, file, {
          backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
          services: { redis: { size: "1Gi" } },
        });
        try {
          const { stdout } = await ofStack(name, "--json");
          assert.deepEqual(
            (JSON.parse(stdout) as Report).results.filter(({ id }) => id === "rights"),
            [says],
          );
          const taken = await connect(undefined, file)
            .objects.create(role, undefined, "All")
            .then(() => undefined, errorCode);
          assert.equal(taken, status);
        } finally {
          await remove(kube, made);
        }
      }
    },
  );

  it("stops a preview with the same words, unless the check is skipped by its name", async () => {
    const { kube } = cluster();
    await create(kube, [oldDefault]);
    try {
      const before = await fingerprint(kube);
      const refused = await pulumiWith(cluster(), {}, ["preview"]);
      assert.notEqual(refused.exitCode, 0);
      assert.equal(
        stackError(refused.printed),
        [
          'the cluster of stack "dev" fails a check, so nothing was changed:',
          `  ✗ ${oldDefaultTitle} [default-class]`,
          `      ${oldDefaultWayOut}`,
          "A check that doesn't matter here is skipped by its name: cluster-storage:preflight.skip " +
            "(docs/preflight.md).",
        ].join("\n"),
      );
      const skip = [{ check: "default-class", reason: "a test's class that nobody uses" }];
      const { exitCode, printed } = await pulumiWith(cluster(), { "cluster-storage:preflight": { skip } }, ["preview"]);
      assert.equal(exitCode, 0, printed);
      const unknown = await pulumiWith(
        cluster(),
        { "cluster-storage:preflight": { skip: [{ check: "default-clas", reason: "…" }] } },
        ["preview"],
      );
      assert.equal(
        stackError(unknown.printed),
        'the config of stack "dev" has 1 fault, so nothing was changed:\n  ' +
          'cluster-storage:preflight.skip[0].check: no check "default-clas"; did you mean "default-class"?',
      );
      assert.deepEqual(await fingerprint(kube), before);
    } finally {
      await remove(kube, [oldDefault]);
    }
  });

  it("says in one line that nobody answers", async () => {
    await writeStack(stacks, "dead", kubeconfig, {
      backends: { disk: { type: "local-path", path: "/opt/volumes", default: true } },
      services: { redis: { size: "1Gi" } },
      cluster: { context: `cluster-storage-${instance}`, kubeconfig: join(stacks, "none"), identifier: "dead" },
    });
    const { exitCode, printed } = await ofStack("dead");
    assert.deepEqual(
      [exitCode, printed],
      [
        1,
        `cluster-storage:cluster.kubeconfig: the kubeconfig ${join(stacks, "none")} is not there; name ` +
          "another one, or make it with the tool that made the cluster",
      ],
    );
  });
});
