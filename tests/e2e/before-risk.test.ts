import assert from "node:assert/strict";
import { PatchStrategy } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { execInPod } from "../../kube/exec";
import { backedUpAnnotation } from "../../model/backup";
import { noPointVariable } from "../../model/no-point";
import { redis, useBackedUp } from "./backed-up";
import { address, namespace as targetNamespace } from "./backup-target";
import { ops } from "./cli";

describe("a point before something risky", () => {
  const { cluster, file, target, inRedis } = useBackedUp();
  const points = async () => {
    const printed = await target().shell("restic snapshots --json --no-lock --tag service:redis");
    return (JSON.parse(printed) as { tags: string[] }[]).map(({ tags }) =>
      tags.find((tag) => tag.startsWith("generation:")),
    );
  };
  const claims = async () => {
    const { items } = await cluster().kube.core.listNamespacedPersistentVolumeClaim({ namespace: redis.namespace });
    return items.map(({ metadata }) => metadata?.name).sort();
  };

  before("a record, and a repository", async () => {
    await inRedis("set", "key", "value");
    const { exitCode, printed } = await file().run("backup", "--init");
    assert.equal(exitCode, 0, printed);
  });

  it("is taken before a move, once", async function () {
    this.timeout(300_000);
    const { exitCode, stdout, printed } = await file().run("move", "redis", "--anew", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(stdout, /^A point of redis is taken first\.$/m);
    assert.deepEqual(await points(), ["generation:1"]);
    assert.equal(await inRedis("get", "key"), "value");
  });

  it("is taken of the volume in use before a release, which says what there is of the other", async function () {
    this.timeout(300_000);
    const { exitCode, stdout, printed } = await file().run("release", "redis", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(stdout, /^ {2}points {2}the newest with generation 1 is [0-9a-f]{8} from .*; what was written/m);
    assert.deepEqual(await points(), ["generation:1", "generation:2"]);
    assert.deepEqual(await claims(), ["redis-data-2"]);
  });

  it("has its note among the metrics, for the namespace that may ask", async () => {
    const whole = parse(await file().read()) as { config: Record<string, Record<string, object>> };
    whole.config["cluster-storage:backups"]!.metrics = { namespace: targetNamespace };
    await file().write(stringify(whole));
    await file().deploy();
    const text = await target().shell(
      "wget -qO- http://backups-metrics.local-ai-backups.svc.cluster.local:9090/metrics",
    );
    const labels = `{service="redis",namespace="${redis.namespace}"}`;
    const valueOf = (name: string) =>
      text
        .split("\n")
        .find((line) => line.startsWith(`cluster_storage_backup_${name}${labels} `))
        ?.split(" ")[1];
    assert.ok(Number(valueOf("point_timestamp_seconds")) > Date.now() / 1000 - 600, text);
    assert.equal(valueOf("failed"), "0");
  });

  it("keeps a move from beginning where the repository is gone", async function () {
    this.timeout(300_000);
    await execInPod(cluster().kube, targetNamespace, "rest", "rest", ["rm", "-r", "/data/cluster"]);
    const before = await file().read();
    const { exitCode, stderr } = await ops(["move", "redis", "--anew", "--yes"], file().env);
    assert.equal(exitCode, 1);
    // Which reason it is depends on what the server still remembers of the files.
    assert.match(
      stderr,
      new RegExp(
        `^no point of redis could be taken before the move: .*${address}.* Mend that and run the same command again, ` +
          "or go on without a point by --no-point\n.* is as it was, and so is the cluster\\.$",
        "m",
      ),
    );
    assert.equal(await file().read(), before);
    assert.deepEqual(await claims(), ["redis-data-2"]);
  });

  it("keeps an update from a move that was written by hand, unless somebody names the service", async function () {
    this.timeout(300_000);
    // Its point of a minute ago would be enough.
    await cluster().kube.objects.patch(
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "redis-data-2", namespace: redis.namespace, annotations: { [backedUpAnnotation]: null } },
      } as never,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    const whole = parse(await file().read()) as { config: Record<string, Record<string, object>> };
    whole.config["cluster-storage:services"]!.redis = {
      size: "1Gi",
      generation: 3,
      kept: [{ generation: 2, size: "1Gi" }],
    };
    await file().write(stringify(whole));
    await assert.rejects(file().deploy(), ({ message }: Error) => {
      const said = message.replace(/\s+/g, " ");
      assert.match(
        said,
        /no point of redis could be taken before its move redis-data-2-to-3, so nothing was changed: /,
      );
      assert.match(said, /CLUSTER_STORAGE_NO_POINT=redis before the same command/);
      return true;
    });
    assert.deepEqual(await claims(), ["redis-data-2"]);
    assert.equal(await inRedis("get", "key"), "value");
    process.env[noPointVariable] = "redis";
    try {
      await file().deploy();
    } finally {
      delete process.env[noPointVariable];
    }
    assert.deepEqual(await claims(), ["redis-data-2", "redis-data-3"]);
    assert.equal(await inRedis("get", "key"), "value");
  });
});
