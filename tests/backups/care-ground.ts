import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  /** Makes a point so many days ago, and returns its id. Each has a file of its own. */
  function point(daysAgo: number, more: { tags?: string[]; service?: string; owner?: string; host?: string } = {}) {
    const { tags = ["generation:1"], service = "redis", owner = "project/dev", host = backupHost } = more;
    const directory = join(scene.root, "data");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "file"), `${service} ${daysAgo} days ago ${"x".repeat(1000)}`);
    const time = new Date(Date.now() - daysAgo * day).toISOString().slice(0, 19).replace("T", " ");
    const all = [`stack:${owner}`, `service:${service}`, ...tags];
    const args = ["backup", "--json", "--time", time, "--host", host, "--tag", all.join(","), "."];
    const printed = execFileSync(process.env.RESTIC!, args, { cwd: directory, encoding: "utf8" });
    return (JSON.parse(printed.trim().split("\n").at(-1)!) as { snapshot_id: string }).snapshot_id;
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
  return Object.assign(scene, { care, point, ids, cared, yesterday, previews, events });
}
