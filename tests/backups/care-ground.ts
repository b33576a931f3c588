import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { backupHost, type ListedPoint } from "../../model/backup";
import {
  caredAnnotation,
  previewPrefix,
  type CareAct,
  type Cared,
  type CareTask,
  type ServicePreview,
} from "../../model/care";
import type { Checked } from "../../model/retention";
import { loadMover } from "../mover/compiled";
import { lease, useBackups } from "./ground";

const { Api } = loadMover("wire/api");
const { CareContext } = loadMover("care/context");
const { runCare } = loadMover("care/run");

export const careTask: CareTask = {
  owner: "project/dev",
  home: "backups",
  repository: "the test's repository",
  services: [{ service: "redis", namespace: "cache", claims: ["redis-data"], keep: { last: 2 } }],
  cycle: 7,
};

const day = 24 * 3600_000;

/** A repository with points of any time and tags, and the care of it. */
export function useCare() {
  const scene = useBackups();
  const care = (act: CareAct = "care", task: CareTask = careTask, points: string[] = [], pod = "backups-care-1") =>
    runCare(new CareContext(new Api(scene.server, { patience: 300 }), task, scene.inPod(pod)), act, points);
  interface Made {
    tags?: string[];
    service?: string;
    owner?: string;
    host?: string;
  }
  let directories = 0;
  /** How restic makes a point so many days ago. Each has a file of its own. */
  function making(daysAgo: number, more: Made) {
    const { tags = ["generation:1"], service = "redis", owner = "project/dev", host = backupHost } = more;
    const cwd = join(scene.root, "data", `${++directories}`);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "file"), `${service} ${daysAgo} days ago ${"x".repeat(1000)}`);
    const time = new Date(Date.now() - daysAgo * day).toISOString().slice(0, 19).replace("T", " ");
    const all = [`stack:${owner}`, `service:${service}`, ...tags];
    const args = ["backup", "--json", "--time", time, "--host", host, "--tag", all.join(","), "."];
    return { args, options: { cwd, encoding: "utf8" as const } };
  }
  const idIn = (printed: string) =>
    (JSON.parse(printed.trim().split("\n").at(-1)!) as { snapshot_id: string }).snapshot_id;
  /** Makes a point so many days ago, and returns its id. */
  function point(daysAgo: number, more: Made = {}): string {
    const { args, options } = making(daysAgo, more);
    return idIn(execFileSync(process.env.RESTIC!, args, options));
  }
  /** Makes a point for each number, some at a time, because restic waits after it has locked. Returns their ids. */
  async function pointsOf(days: number[], more: Made = {}): Promise<string[]> {
    const some = pLimit(4);
    const one = async (daysAgo: number) => {
      const { args, options } = making(daysAgo, more);
      return idIn((await promisify(execFile)(process.env.RESTIC!, args, options)).stdout);
    };
    return Promise.all(days.map((each) => some(one, each)));
  }
  const ids = () => (scene.points() as unknown as ListedPoint[]).map(({ id }) => id);
  const cared = () => JSON.parse(scene.cluster.get(lease).metadata.annotations[caredAnnotation] as string) as Cared;
  /** The data that was read last was read the day before. */
  function yesterday(checked: Checked): void {
    const before = { ...checked, at: new Date(Date.now() - day).toISOString() };
    scene.cluster.annotate(lease, { [caredAnnotation]: JSON.stringify({ ...cared(), checked: before }) });
  }
  const previews = () =>
    scene.lines
      .filter((line) => line.startsWith(previewPrefix))
      .map((line) => JSON.parse(line.slice(previewPrefix.length)) as ServicePreview);
  const events = () => scene.told("backups");
  return Object.assign(scene, { care, point, pointsOf, ids, cared, yesterday, previews, events });
}
