import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportRecipe, Move } from "../../model/mover";
import type { Pod } from "../../mover/orchestrate/objects";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");
const { fillClaim } = loadMover("leave/fill");
const { endPod } = loadMover("orchestrate/pods");
const { compareManifest } = loadMover("leave/backup-manifest");

const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
const statefulSet = "/apis/apps/v1/namespaces/cache/statefulsets/redis";
const claim = (name: string) => `/api/v1/namespaces/cache/persistentvolumeclaims/${name}`;
const sh = (script: string) => ({ exec: ["sh", "-c", script] });

/** Held as long as a file is there; the mark is what was ever written. */
const exportRecipe: ExportRecipe = {
  container: "redis",
  begin: [sh("touch $HELD")],
  streams: [sh("tar -cf - .")],
  mark: sh("cat $WRITTEN"),
  verify: "again",
  end: [sh("rm -f $HELD")],
};

const move = aMove({ kind: "fill", source: { generation: 1 }, exportRecipe });

const pod = (volume: string) => ({
  containers: [{ name: "redis", volumeMounts: [{ name: volume, mountPath: "/data" }] }],
  volumes: [{ name: volume, emptyDir: {} }],
});
const labels = { app: "redis", "app.kubernetes.io/managed-by": "pulumi" };
const spec = (volume: string) => ({
  replicas: 1,
  selector: { matchLabels: { app: "redis" } },
  template: { metadata: { labels }, spec: pod(volume) },
});

describe("a move off an emptyDir", () => {
  let root: string;
  let cluster: FakeCluster;
  let server: { url: string; token: () => string };
  let lines: string[];
  let target: string;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fill-"));
    target = join(root, "redis-data-2");
    cluster = new FakeCluster(root);
    server = { url: await cluster.start(), token: () => "token" };
    lines = [];
    cluster.env = { HELD: join(root, "held"), WRITTEN: join(root, "written") };
    for (const directory of ["emptyDir/sub", "redis-data-2"]) mkdirSync(join(root, directory), { recursive: true });
    writeFileSync(join(root, "written"), "7");
    writeFileSync(join(root, "emptyDir/sub/dump.rdb"), "the data");
    cluster.put(deployment, { metadata: { namespace: "cache" }, spec: spec("redis-data") });
    for (const name of ["redis-data-2", "data-2-redis-0"])
      cluster.put(claim(name), {
        metadata: { namespace: "cache" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
  });
  afterEach(() => {
    cluster.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const context = (of: Move) =>
    new Context(new Api(server, { patience: 300 }), of, {
      log: (line) => void lines.push(line),
      env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10" },
    });
  const fill = (of: Move = move) => fillClaim(context(of), target);
  const volumes = () => cluster.get(deployment).spec.template.spec.volumes as KubeObject[];
  const held = () => existsSync(join(root, "held"));

  /** Nothing is lost: the pod with the data is the same, and takes writes. */
  async function refuses(of: Move, message: RegExp, letGo = true): Promise<void> {
    const before = cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid as string;
    await assert.rejects(fill(of), { message });
    assert.equal(cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid, before);
    assert.deepEqual(volumes(), [{ name: "redis-data", emptyDir: {} }]);
    assert.equal(held(), !letGo);
  }

  it("holds the writes, takes the data out, compares it, and switches while they are still held", async () => {
    await fill();
    assert.equal(readFileSync(join(target, "sub/dump.rdb"), "utf8"), "the data");
    assert.deepEqual(readdirSync(target), ["sub"]);
    assert.deepEqual(volumes(), [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }]);
    assert.equal(held(), true, "writes were let in while the pod was still there");
    assert.equal(lines[0], "redis takes no writes while its data leaves pod redis-0");
    const scripts = cluster.executed.map((command) => command[2]);
    assert.deepEqual(scripts, [
      "touch $HELD",
      "cat $WRITTEN",
      "tar -cf - .",
      "tar -cf - .",
      "cat $WRITTEN",
      "touch $HELD",
    ]);
    const { annotations } = cluster.get(claim("redis-data-2")).metadata as { annotations: Record<string, string> };
    assert.deepEqual(Object.keys(annotations), ["cluster-storage/moved"]);
    const moved = JSON.parse(annotations["cluster-storage/moved"]!) as KubeObject;
    assert.deepEqual([moved.from, moved.files, moved.bytes], ["emptyDir", 1, 8]);
    assert.deepEqual(cluster.get(deployment).metadata.annotations, {});
  });

  it("leaves nothing of the workload as its own: an update could not give the volume another source", async () => {
    const [pulumi, controller, ours] = ["pulumi-kubernetes-1", "kube-controller-manager", "cluster-storage-move"].map(
      (manager) => ({ manager }),
    );
    let conflicts = 0;
    cluster.refuse = (method, path, body) => {
      if (method === "PATCH" && path === deployment && body?.metadata.managedFields && conflicts++ === 0)
        throw [409, "Conflict", "the object has been modified"];
    };
    cluster.put(deployment, {
      metadata: { namespace: "cache", managedFields: [pulumi, ours, controller] },
      spec: spec("redis-data"),
    });
    await fill();
    assert.deepEqual(cluster.get(deployment).metadata.managedFields, [pulumi, controller]);
    assert.equal(conflicts, 2);
  });

  it("fills the volume's directories from those that the container mounts of it", async () => {
    await fill({
      ...move,
      exportRecipe: {
        ...exportRecipe,
        streams: [
          { ...sh("tar -C sub -cf - ."), into: "storage" },
          { ...sh("tar -C sub -cf - ."), into: "snapshots" },
        ],
      },
    });
    assert.deepEqual(readdirSync(target).sort(), ["snapshots", "storage"]);
    assert.equal(readFileSync(join(target, "storage/dump.rdb"), "utf8"), "the data");
  });

  describe("of a pod that was made by hand, with other names", () => {
    const byHand = (volumeMounts: object[]) => {
      const containers = [{ name: "sidecar" }, { name: "server", volumeMounts }];
      const template = {
        metadata: { labels: { app: "redis" } },
        spec: {
          containers,
          volumes: [
            { name: "storage", emptyDir: {} },
            { name: "more", emptyDir: {} },
          ],
        },
      };
      cluster.put(deployment, { metadata: { namespace: "cache" }, spec: { ...spec("redis-data"), template } });
    };
    const onClaim = [
      { name: "storage", persistentVolumeClaim: { claimName: "redis-data-2" } },
      { name: "more", emptyDir: {} },
    ];
    const after = () => [
      volumes(),
      cluster.get(deployment).spec.replicas,
      cluster.get(deployment).metadata.annotations,
    ];

    it(
      "finds the volume and the container by what is mounted where, and leaves the start to the update, whose " +
        "pod is another",
      async () => {
        byHand([
          { name: "more", mountPath: "/tmp" },
          { name: "storage", mountPath: "/data" },
        ]);
        await fill({ ...move, mounts: [{ path: "/data" }] });
        assert.deepEqual(after(), [onClaim, 0, {}]);
        assert.deepEqual([...new Set(cluster.containers)], ["server"]);
        assert.equal(lines.at(-1), "redis is not running; its data is on redis-data-2");
        await fill({ ...move, mounts: [{ path: "/data" }] });
        assert.deepEqual(after(), [onClaim, 0, {}]);
      },
    );

    it("gives the service what belonged to somebody else there, and takes nothing else for the same", async () => {
      byHand([{ name: "storage", mountPath: "/data" }]);
      const ofRoot = sh("tar --owner=$$ -cf - .");
      await fill({ ...move, mounts: [{ path: "/data" }], exportRecipe: { ...exportRecipe, streams: [ofRoot] } });
      assert.equal(readFileSync(join(target, "sub/dump.rdb"), "utf8"), "the data");
      cluster.put(deployment, { metadata: { namespace: "cache" }, spec: spec("redis-data") });
      await refuses(
        { ...move, replace: true, exportRecipe: { ...exportRecipe, streams: [ofRoot] } },
        /is not like what the pod has: .*Uid differs/,
      );
    });

    it("refuses one that has nothing there", async () => {
      byHand([{ name: "storage", mountPath: "/elsewhere" }]);
      await assert.rejects(fill({ ...move, mounts: [{ path: "/data" }] }), {
        message:
          "Deployment redis uses neither an emptyDir nor redis-data-2 for its volume redis-data; nothing was changed",
      });
    });
  });

  describe("with another volume in the same pod", () => {
    const other = {
      volume: "logs",
      source: { generation: 1 },
      target: { claim: "logs-2", generation: 2 },
      replace: false,
      exportRecipe: { ...exportRecipe, streams: [sh("tar -C ../logs -cf - .")] },
    };
    const both: Move = { ...move, others: [other] };
    const logs = () => `${target}-logs`;
    const used = () => volumes().map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim?.claimName]);

    beforeEach(() => {
      for (const directory of ["logs", "redis-data-2-logs"]) mkdirSync(join(root, directory));
      writeFileSync(join(root, "logs/access.log"), "all that happened");
      cluster.put(claim("logs-2"), {
        metadata: { namespace: "cache" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
      const { containers, volumes } = pod("redis-data");
      cluster.put(deployment, {
        metadata: { namespace: "cache" },
        spec: {
          ...spec("redis-data"),
          template: {
            metadata: { labels },
            spec: { containers, volumes: [...volumes, { name: "logs", emptyDir: {} }] },
          },
        },
      });
    });

    it("takes out both before the pod goes: the second job would find a new pod, with nothing in it", async () => {
      await fill(both);
      assert.equal(readFileSync(join(target, "sub/dump.rdb"), "utf8"), "the data");
      assert.equal(readFileSync(join(logs(), "access.log"), "utf8"), "all that happened");
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
      const moved = JSON.parse(
        cluster.get(claim("logs-2")).metadata.annotations["cluster-storage/moved"] as string,
      ) as KubeObject;
      assert.deepEqual([moved.from, moved.files, moved.bytes], ["emptyDir", 1, 17]);

      cluster.executed.length = 0;
      await fillClaim(context({ ...move, job: "logs-1-to-2", ...other }), logs());
      assert.deepEqual(cluster.executed, []);
      assert.equal(cluster.get(claim("logs-2")).metadata.annotations["cluster-storage/copying"], undefined);
    });

    it("leaves the service on both when one can't be taken out, and goes on after it", async () => {
      const before = cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid as string;
      await assert.rejects(
        fill({
          ...both,
          others: [{ ...other, exportRecipe: { ...exportRecipe, streams: [sh("tar -C ../logs -cf - .; exit 1")] } }],
        }),
        /failed in the pod/,
      );
      assert.equal(cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid, before);
      assert.deepEqual(
        [used(), readdirSync(target), readdirSync(logs()), held()],
        [
          [
            ["redis-data", undefined],
            ["logs", undefined],
          ],
          [],
          [],
          false,
        ],
      );
      await fill(both);
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
    });

    it("leaves one alone that is on its claim already", async () => {
      await fillClaim(context({ ...move, job: "logs-1-to-2", ...other }), logs());
      writeFileSync(join(logs(), "since.log"), "newer");
      await fill(both);
      assert.deepEqual(readdirSync(logs()).sort(), ["access.log", "since.log"]);
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
    });
  });

  it("ends what stands still in the old pod once its controller has given it up, and not before", async () => {
    const old = "/api/v1/namespaces/cache/pods/redis-0";
    const standing: ExportRecipe = { ...exportRecipe, kill: sh("echo killed >$HELD; exit 1") };
    let looks = 0;
    cluster.refuse = (method, path) => {
      if (method === "GET" && path === old && ++looks === 3)
        cluster.get(old).metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    };
    const before = cluster.get(old).metadata as Pod["metadata"];
    await endPod(context(move), { metadata: before }, standing);
    assert.deepEqual([looks, cluster.executed.length], [3, 1]);
    cluster.executed.length = 0;
    await endPod(context(move), { metadata: { ...before, uid: "another" } }, standing);
    await endPod(context(move), { metadata: before }, exportRecipe);
    assert.deepEqual([cluster.executed, cluster.changes], [[], []]);
  });

  it("begins anew over what an earlier try left", async () => {
    writeFileSync(join(target, ".cluster-storage-copy-in-progress"), "emptyDir of redis\n");
    writeFileSync(join(target, "half"), "old");
    await fill();
    assert.deepEqual(readdirSync(target), ["sub"]);
  });

  describe("onto an earlier volume, whose content is superseded", () => {
    const back: Move = { ...move, replace: true };
    const broken: Move = {
      ...back,
      exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - . | head -c 700; exit 1")] },
    };
    beforeEach(() => {
      mkdirSync(join(target, "old"));
      writeFileSync(join(target, "old/dump.rdb"), "the only other copy");
    });

    it("replaces that, and leaves nothing of it", async () => {
      await fill(back);
      assert.deepEqual(readdirSync(target), ["sub"]);
    });

    it("keeps that until the new is whole: a pod can die within the stream", async () => {
      await refuses(broken, /^the data can't be unpacked: |failed in the pod/);
      assert.equal(readFileSync(join(target, "old/dump.rdb"), "utf8"), "the only other copy");
      assert.deepEqual(readdirSync(target), ["old"]);
    });

    it("puts what an earlier try had whole in its place, and keeps it until there is newer", async () => {
      writeFileSync(join(target, ".cluster-storage-copy-in-progress"), "emptyDir of redis\n");
      mkdirSync(join(target, ".cluster-storage-incoming"));
      writeFileSync(join(target, ".cluster-storage-incoming/dump.rdb"), "of the first try");
      await refuses(broken, /^the data can't be unpacked: |failed in the pod/);
      assert.deepEqual(readdirSync(target), ["dump.rdb"]);
      assert.equal(readFileSync(join(target, "dump.rdb"), "utf8"), "of the first try");
    });
  });

  it("goes on after a kill between the end of the copy and its note", async () => {
    cluster.refuse = (_method, _path, body) => {
      if (JSON.stringify(body ?? {}).includes("cluster-storage/moved")) throw [422, "Invalid", "as if killed"];
    };
    await assert.rejects(fill());
    assert.deepEqual(readdirSync(target), ["sub"]);
    cluster.refuse = () => undefined;
    await fill();
    assert.deepEqual(volumes(), [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }]);
  });

  it("asks for no pod once the data is there and its service has no workload", async () => {
    await fill();
    cluster.objects.delete(deployment);
    await fill();
    assert.equal(lines.at(-1), "redis is not running; its data is on redis-data-2");
  });

  it("does nothing when the service uses the claim already", async () => {
    await fill();
    cluster.executed.length = 0;
    writeFileSync(join(target, "newer"), "written since");
    await fill();
    assert.deepEqual([cluster.executed, readdirSync(target)], [[], ["newer", "sub"]]);
  });

  it("lets the service go when its data can't be taken out", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - . | head -c 700; exit 1")] } },
      /^the data can't be unpacked: |failed in the pod/,
    );
  });

  it("lets the service go when it couldn't be held", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, begin: [...exportRecipe.begin, sh("echo 'not now' >&2; exit 1")] } },
      /failed in the pod: not now$/,
    );
  });

  it("says whether the service takes writes meanwhile", async () => {
    await fill({
      ...move,
      exportRecipe: { ...exportRecipe, begin: [sh("echo OK"), sh("echo 'not held: nobody knows how'")] },
    });
    assert.deepEqual(
      lines.filter((line) => /writes|goes on/.test(line)),
      [
        "redis keeps taking writes while its data leaves its pod: nobody knows how. A write before the last " +
          "comparison makes the move fail, and a write after it is lost with the pod: keep clients away",
      ],
    );
  });

  describe("of a service that can't stand still for as long as that takes", () => {
    const large: ExportRecipe = {
      ...exportRecipe,
      begin: [...exportRecipe.begin, sh("echo 'later: it is large'")],
      last: [sh("touch $HELD; echo held")],
    };

    it("is held once all is streamed, and compared again then", async () => {
      await fill({ ...move, exportRecipe: { ...large, streams: [sh("test ! -e $HELD && tar -cf - .")] } });
      const scripts = cluster.executed.map((command) => command[2]);
      const last = "touch $HELD; echo held";
      const stream = "test ! -e $HELD && tar -cf - .";
      assert.deepEqual(scripts, [
        "touch $HELD",
        "echo 'later: it is large'",
        "rm -f $HELD",
        "cat $WRITTEN",
        stream,
        stream,
        last,
        "cat $WRITTEN",
        last,
      ]);
      assert.equal(held(), true, "writes were let in while the pod was still there");
      assert.deepEqual(
        lines.filter((line) => /writes|goes on/.test(line)),
        [
          "redis keeps taking writes while its data leaves pod redis-0: it is large. Its writes are held for the " +
            "last comparison, which finds what was written meanwhile",
          "redis takes no writes while its data leaves pod redis-0",
        ],
      );
    });

    it("stays where it is with what was written between the last stream and the hold", async () => {
      await refuses(
        { ...move, exportRecipe: { ...large, last: [sh("echo 8 >$WRITTEN; touch $HELD")] } },
        /^redis went on writing while its data was copied$/,
      );
    });
  });

  it("finds that the service went on writing, by its mark and by its files", async () => {
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - .; echo 8 >$WRITTEN")] } },
      /^redis went on writing while its data was copied$/,
    );
    rmSync(target, { recursive: true });
    mkdirSync(target);
    const changing = sh("tar -cf - .; echo more >>sub/dump.rdb");
    await refuses(
      { ...move, exportRecipe: { ...exportRecipe, streams: [changing], mark: undefined } },
      /^the copy on redis-data-2 is not like what the pod has: .*dump\.rdb: .*differs/,
    );
  });

  it("finds that the pod was started anew meanwhile", async () => {
    let asked = 0;
    cluster.refuse = (method, path) => {
      // The first look at the pod by its name is after the copy.
      if (method === "GET" && path.endsWith("/pods/redis-0") && asked++ === 0)
        cluster.setStatus(path, { phase: "Running", containerStatuses: [{ containerID: "another" }] });
    };
    await refuses(move, /^pod redis-0 was restarted while its data was copied$/);
  });

  it("leaves a target alone that holds somebody else's data", async () => {
    writeFileSync(join(target, "precious"), "x");
    await refuses(
      move,
      new RegExp(
        String.raw`^redis-data-2 is not empty \(it has precious\) and holds no unfinished copy of emptyDir ` +
          String.raw`of redis; nothing was changed$`,
      ),
    );
    assert.deepEqual(readdirSync(target), ["precious"]);
  });

  it("says so when no pod runs, because the data went with it, and when nobody knows how", async () => {
    await assert.rejects(fill({ ...move, exportRecipe: undefined }), {
      message:
        "redis has no export recipe, which says how its data leaves a running pod consistently, so it can't be " +
        "moved off an emptyDir",
    });
    cluster.put(deployment, { metadata: { namespace: "cache" }, spec: { ...spec("redis-data"), replicas: 0 } });
    await assert.rejects(fill(), {
      message: "redis has no running pod, and its emptyDir was deleted with its last pod: there is no data to move",
    });
  });

  it("tells the job whether to try again", async () => {
    const { code, message } = await runMove(context({ ...move, exportRecipe: undefined }));
    assert.equal(code, 3);
    assert.equal(
      message,
      "redis was not moved from an emptyDir to redis-data-2: redis has no export recipe, which says how its data " +
        "leaves a running pod consistently, so it can't be moved off an emptyDir. The service was left as it was.",
    );
  });

  it("gives a StatefulSet the template while its pod lives on, and then replaces the pod", async () => {
    cluster.objects.delete(deployment);
    cluster.put(statefulSet, { metadata: { namespace: "cache" }, spec: { ...spec("data"), serviceName: "redis" } });
    const templated: Move = {
      ...move,
      workload: { kind: "StatefulSet", name: "redis" },
      volume: "data-2",
      target: { ...move.target, claim: "data-2-redis-0" },
      template: { from: "data", to: "data-2" },
    };
    await fill(templated);
    const { spec: after } = cluster.get(statefulSet);
    assert.deepEqual(after.volumeClaimTemplates, [
      {
        metadata: { name: "data-2" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ]);
    assert.deepEqual(after.template.spec, {
      containers: [{ name: "redis", volumeMounts: [{ name: "data-2", mountPath: "/data" }] }],
      volumes: [],
    });
  });
});

describe("a PostgreSQL base backup", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "backup-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("has to be what its manifest says, and the manifest what it says of itself", async () => {
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const entry = (path: string, text: string) => ({
      Path: path,
      Size: text.length,
      "Checksum-Algorithm": "SHA256",
      Checksum: sha256(text),
    });
    const odd = { ...entry("", "odd"), Path: undefined, "Encoded-Path": "ff01" };
    const files = JSON.stringify([entry("base/1", "one"), odd]);
    const body = `{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": ${files},\n`;
    const write = (text: string) =>
      writeFileSync(join(root, "pgdata/backup_manifest"), `${text}"Manifest-Checksum": "${sha256(body)}"}\n`);
    mkdirSync(join(root, "pgdata"));
    write(body);
    const whole = new Map([
      ["pgdata/base/1", sha256("one")],
      ["pgdata/\xff\x01", sha256("odd")],
    ]);
    assert.deepEqual(compareManifest(root, "pgdata", whole), []);
    assert.deepEqual(compareManifest(root, "pgdata", new Map([...whole, ["pgdata/base/1", sha256("two")]])), [
      "base/1 does not match its checksum in backup_manifest",
    ]);
    whole.delete("pgdata/base/1");
    assert.deepEqual(compareManifest(root, "pgdata", whole), ["base/1 is missing, but stands in backup_manifest"]);
    write(body.replace("one", "two").replace("base/1", "base/2"));
    assert.deepEqual(compareManifest(root, "pgdata", whole), ["backup_manifest does not match its own checksum"]);
  });
});
