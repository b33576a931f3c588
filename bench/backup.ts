import { execa } from "execa";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { ensureRestic } from "../local-cluster/tools";
import type { BackupTask } from "../model/backup";
import type { RestoreTask } from "../model/restore";
import { loadMover, moverDirectory } from "../tests/mover/compiled";
import { FakeCluster } from "../tests/mover/fake-cluster";
import { fill, settle } from "./data";
import { measurePairs, seconds } from "./measure";
import { ratioResult, type Result } from "./result";

/** A backup and a restore must reach at least 0.95 of restic's own throughput. */
const bound = 1 / 0.95;
const rounds = 3;

/**
 * Compares a service's backup and restore with `restic backup` and `restic restore` of the same directory, to and from
 * a repository on the same disk. Ours begins where the service's pod answers with a stream, and ends where the point is
 * in the repository; the restore ends where every byte was compared. The pods' own start isn't in it.
 */
export async function measureBackups(progress: Progress): Promise<Result[]> {
  const program = await ensureRestic(progress);
  const results: Result[] = [];
  for (const [name, files] of [
    ["1 GiB in 1,000 files", 1000],
    ["1 GiB in one file", 1],
  ] as const) {
    const root = await mkdtemp(join(tmpdir(), "cluster-storage-backup-"));
    const ground = new Ground(root, program);
    try {
      await ground.begin(files);
      for (const [what, ours, other] of [
        ["back up", () => ground.backup(), () => ground.plainBackup()],
        ["restore", () => ground.restore(), () => ground.plainRestore()],
      ] as const)
        results.push(
          await progress.step(`${what} ${name}`, async () =>
            ratioResult(`${what} ${name}`, await measurePairs({ rounds, ours, other, note: progress.info }), bound),
          ),
        );
    } finally {
      ground.end();
      await rm(root, { recursive: true, force: true });
    }
  }
  return results;
}

const task: BackupTask = {
  service: "files",
  namespace: "bench",
  workload: { kind: "Deployment", name: "files" },
  owner: "bench/bench",
  volumes: [
    {
      volume: "data",
      generation: 1,
      claim: "data",
      mounts: [{ path: "/data" }],
      exportRecipe: {
        container: "files",
        begin: [],
        streams: [{ exec: ["tar", "-cf", "-", "."] }],
        verify: "again",
        end: [],
      },
    },
  ],
  home: "backups",
  repository: "the bench's repository",
  delay: 0,
};

const at = "/apis/apps/v1/namespaces/bench/deployments/files";

/** A directory as a service's volume, and a repository for each side. */
class Ground {
  private readonly cluster: FakeCluster;
  private server = { url: "", token: () => "" };

  constructor(
    private readonly root: string,
    private readonly program: string,
  ) {
    this.cluster = new FakeCluster(root);
  }

  async begin(files: number): Promise<void> {
    await fill(this.source, files);
    this.server.url = await this.cluster.start();
    const containers = [{ name: "files", volumeMounts: [{ name: "data", mountPath: "/data" }] }];
    const labels = { app: "files", "app.kubernetes.io/managed-by": "pulumi" };
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    const template = { metadata: { labels }, spec: { containers, volumes } };
    this.cluster.put("/api/v1/namespaces/bench/persistentvolumeclaims/data", { metadata: { namespace: "bench" } });
    this.cluster.put(at, {
      metadata: { namespace: "bench" },
      spec: { replicas: 1, selector: { matchLabels: { app: "files" } }, template },
    });
  }

  end = () => this.cluster.stop();

  /** Seconds of our backup to a new repository. */
  async backup(): Promise<number> {
    const work = await this.emptied("work");
    await this.init("ours");
    Object.assign(process.env, this.env("ours"));
    const { Api } = loadMover("wire/api");
    const { BackupContext } = loadMover("backup/context");
    const { runBackup } = loadMover("backup/run");
    const context = new BackupContext(new Api(this.server, { patience: 300 }), task, {
      pod: "files-backup",
      work,
      signal: new AbortController().signal,
      log: () => undefined,
      env: {},
    });
    return seconds(async () => {
      const { code, message } = await runBackup(context, "make");
      if (code !== 0) throw new Error(message);
    });
  }

  async plainBackup(): Promise<number> {
    await this.init("plain");
    return seconds(() => this.restic("plain", ["backup", "--force", "."], this.source));
  }

  /** Seconds of our restore to an empty directory. */
  async restore(): Promise<number> {
    const target = await this.emptied("target-ours");
    const { stdout } = await this.restic("ours", ["snapshots", "--json", "--no-lock"]);
    const [{ id: point } = { id: "" }] = JSON.parse(stdout) as { id: string }[];
    const RESTORE: RestoreTask = {
      point,
      of: "bench/bench/files",
      repository: "the bench's repository",
      volume: "data",
      target,
      targetName: "target",
      resume: false,
      service: "files",
      namespace: "bench",
    };
    const work = await this.emptied("work");
    const env = { ...this.env("ours"), RESTORE: JSON.stringify(RESTORE), OUTCOME: join(this.root, "outcome") };
    return seconds(() =>
      execa(process.execPath, [join(moverDirectory(), "restore.mjs"), "copy"], { env: { ...env, BACKUP_WORK: work } }),
    );
  }

  async plainRestore(): Promise<number> {
    const target = await this.emptied("target-plain");
    return seconds(() => this.restic("plain", ["restore", "latest", "--target", target, "--sparse"]));
  }

  private get source(): string {
    return join(this.root, "emptyDir");
  }

  private async init(name: string): Promise<void> {
    await this.emptied(name);
    await this.restic(name, ["init"]);
    await settle();
  }

  private async emptied(name: string): Promise<string> {
    const directory = join(this.root, name);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory);
    await settle();
    return directory;
  }

  private restic = (name: string, args: string[], cwd = this.root) =>
    execa(this.program, args, { cwd, env: this.env(name) });

  private env = (name: string) => ({
    RESTIC: this.program,
    RESTIC_REPOSITORY: join(this.root, name),
    RESTIC_PASSWORD: "bench",
    RESTIC_CACHE_DIR: join(this.root, "cache"),
  });
}
