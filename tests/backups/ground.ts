import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureRestic } from "../../local-cluster/tools";
import type { BackupAct, BackupTask, InspectTask } from "../../model/backup";
import { loadMover } from "../mover/compiled";
import { FakeCluster, type KubeObject } from "../mover/fake-cluster";
import { claim, deployment, exportRecipe, spec } from "../mover/fills";
import { copyRepository, password, writeCopying } from "./made-repository";

const { Api } = loadMover("wire/api");
const { BackupContext } = loadMover("backup/context");
const { runBackup } = loadMover("backup/run");

export const lease = "/apis/coordination.k8s.io/v1/namespaces/backups/leases/backups";
const secret = "/api/v1/namespaces/cache/secrets/redis";
export const homePod = (name: string) => `/api/v1/namespaces/backups/pods/${name}`;

export const task: BackupTask = {
  service: "redis",
  namespace: "cache",
  workload: { kind: "Deployment", name: "redis" },
  owner: "project/dev",
  volumes: [{ volume: "redis-data", generation: 1, claim: "redis-data", mounts: [{ path: "/data" }], exportRecipe }],
  keys: "redis",
  home: "backups",
  repository: "the test's repository",
  delay: 0,
};

interface Entry {
  path: string;
  type: string;
}

/** A service in a cluster of its own and a repository that doesn't exist yet, anew for each test. */
export function useBackups() {
  let program = "";
  const scene = {
    root: "",
    cluster: new FakeCluster(""),
    server: { url: "", token: () => "" },
    lines: new Array<string>(),
  };
  const env = { ...process.env };

  before(async function () {
    this.timeout(600_000);
    program = await ensureRestic(consoleProgress());
  });
  beforeEach(async () => {
    scene.root = mkdtempSync(join(tmpdir(), "backup-"));
    scene.cluster = new FakeCluster(scene.root);
    scene.server = { url: await scene.cluster.start(), token: () => "token" };
    scene.lines = [];
    scene.cluster.env = { HELD: join(scene.root, "held"), WRITTEN: join(scene.root, "written") };
    for (const directory of ["emptyDir/sub", "work"]) mkdirSync(join(scene.root, directory), { recursive: true });
    writeFileSync(join(scene.root, "written"), "7");
    writeFileSync(join(scene.root, "emptyDir/sub/dump.rdb"), "the data");
    scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec: spec("redis-data") });
    scene.cluster.put(claim("redis-data"), { metadata: { namespace: "cache" }, spec: {} });
    scene.cluster.put(secret, { data: { password: Buffer.from("the key").toString("base64") } });
    Object.assign(process.env, {
      RESTIC: program,
      RESTIC_REPOSITORY: join(scene.root, "repository"),
      RESTIC_PASSWORD: password,
      RESTIC_CACHE_DIR: join(scene.root, "cache"),
    });
  });
  afterEach(() => {
    scene.cluster.stop();
    rmSync(scene.root, { recursive: true, force: true });
    process.env = { ...env };
  });

  /** What a program of the repository has around it in its pod. */
  const inPod = (pod: string) => ({
    pod,
    work: join(scene.root, "work"),
    signal: new AbortController().signal,
    log: (line: string) => void scene.lines.push(line),
    env: { BACKUP_PATIENCE: process.env.BACKUP_PATIENCE ?? "30", BACKUP_POLL: "20" },
  });
  const run = async (act: BackupAct = "make", pod = "redis-backup-1", of: BackupTask = task, inspect?: InspectTask) => {
    const local = process.env.RESTIC_REPOSITORY === join(scene.root, "repository");
    if (act === "init" && local) process.env.RESTIC = writeCopying(program, join(scene.root, "copying-restic"));
    const context = new BackupContext(new Api(scene.server, { patience: 300 }), of, inPod(pod));
    const ended = await runBackup(context, act, inspect);
    if (act === "init") process.env.RESTIC = program;
    return ended;
  };
  /** The test's repository, or another, is there and has no point. */
  const madeAt = (directory = join(scene.root, "repository")) => copyRepository(program, directory);
  const restic = (...args: string[]) => execFileSync(program, args, { encoding: "utf8" });
  const points = () => JSON.parse(restic("snapshots", "--json", "--no-lock")) as KubeObject[];
  const notes = () => (scene.cluster.get(claim("redis-data")).metadata.annotations ?? {}) as Record<string, string>;
  const told = (namespace = "cache") =>
    [...scene.cluster.objects]
      .filter(([path]) => path.startsWith(`/api/v1/namespaces/${namespace}/events/`))
      .map(([, { reason, message }]) => `${String(reason)}: ${String(message)}`);
  const held = () => existsSync(join(scene.root, "held"));

  /** From now on, restic is a script, which is given the path of the real one. Returns what ends that. */
  function inPlaceOfRestic(scriptOf: (real: string) => string): () => void {
    const path = join(scene.root, "restic");
    writeFileSync(path, `#!/bin/sh\n${scriptOf(program)}\n`, { mode: 0o755 });
    process.env.RESTIC = path;
    return () => void (process.env.RESTIC = program);
  }

  /** The file of the repository with the most data. */
  function largestPack(): string {
    const files = readdirSync(join(scene.root, "repository/data"), { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return paths.sort((a, b) => statSync(b).size - statSync(a).size)[0]!;
  }

  /** What a point has, brought back to a directory of this machine. */
  function restored(id: string): { directory: string; manifest: [KubeObject, ...Entry[]] } {
    const directory = join(scene.root, "restored");
    restic("restore", id, "--target", directory);
    const lines = readFileSync(join(directory, "manifest.jsonl"), "utf8").trim().split("\n");
    return { directory, manifest: lines.map((line) => JSON.parse(line) as KubeObject) as [KubeObject, ...Entry[]] };
  }
  return Object.assign(scene, {
    inPod,
    run,
    madeAt,
    restic,
    inPlaceOfRestic,
    points,
    notes,
    told,
    held,
    largestPack,
    restored,
  });
}
