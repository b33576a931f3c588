import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backupHost, backupTags, incompleteHost, incompleteTag, shrunkTag, type BackedUp } from "../../model/backup";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { MoveError } from "../faults";
import { counted } from "../sizes";
import { readBefore, shrunkFrom } from "./before";
import type { BackupContext } from "./context";
import { writeManifest } from "./manifest";
import { faultOfEnd, messageIn, restic, resticExit, type Message } from "./restic";
import { takeKeys, takeOut } from "./take-out";

/**
 * Makes a point of a service. Its data is staged and compared first, so that what fails, is cut off or killed until
 * then has sent nothing; restic writes the point itself last of all.
 */
export async function makePoint(context: BackupContext): Promise<BackedUp> {
  const root = join(context.work, "point");
  // What another container of this pod has left. Nothing but this pod's own.
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { mode: 0o700 });
  const before = await readBefore(context);
  const digests = await takeOut(context, root);
  await takeKeys(context, root);
  const { files, bytes, sha256 } = await writeManifest(root, context.task, { engines: before.engines, digests });
  context.check();
  context.log(`${context.service} goes on; sending ${formatBytes(bytes)} in ${counted(files, "file")}`);
  const from = shrunkFrom(before, { files, bytes });
  const { id, added } = await send(context, root, from ? [shrunkTag] : []);
  return { id, at: new Date().toISOString(), files, bytes, added, sha256, ...(from && { shrunkFrom: from }) };
}

async function send(context: BackupContext, root: string, more: string[]): Promise<{ id: string; added: number }> {
  const { task, signal } = context;
  const args = [
    "backup",
    ...["--host", backupHost, "--group-by", "host,tags"],
    ...["--tag", [...backupTags(task), ...more].join(",")],
    // A file can change without another size or time, as where it is written through memory, so restic reads each.
    "--force",
    ...["--retry-lock", "10m"],
    ".",
  ];
  let summary: Message | undefined;
  const tell = progressOf(context);
  const onLine = (line: string) => {
    const message = messageIn(line);
    if (message?.message_type === "status") tell(message);
    if (message?.message_type === "summary") summary = message;
  };
  const end = await restic(args, { cwd: root, signal, onLine });
  const left = end.code === resticExit.incomplete ? await takeBack(context, summary) : "";
  context.check();
  if (end.code !== resticExit.done) {
    const { message, transient } = faultOfEnd(end, task.repository);
    throw new MoveError(`${message}${left}`, { transient });
  }
  if (typeof summary?.snapshot_id !== "string")
    throw new MoveError("restic ended well, but named no point; npm run backup -- --list shows which there are");
  return { id: summary.snapshot_id, added: Number(summary.data_added_packed ?? 0) };
}

/**
 * Where restic couldn't read everything, it makes a point all the same. Returns what a person has to know of a point
 * that the repository doesn't give back.
 */
async function takeBack(context: BackupContext, summary: Message | undefined): Promise<string> {
  const id = summary?.snapshot_id;
  if (typeof id !== "string") return "";
  const { code } = await restic(["forget", id, "--retry-lock", "10m"]);
  if (code === resticExit.done) return "";
  const marked = await mark(context, id);
  return (
    `. Point ${shortPoint(id)} is incomplete, and the repository doesn't give it back; ` +
    (marked ? "it is marked, and a restore takes it only by its id" : "do not restore from it")
  );
}

/** Marks a point as incomplete, by another snapshot. Returns whether that could be done. */
async function mark({ work }: BackupContext, id: string): Promise<boolean> {
  const directory = join(work, "mark");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "incomplete"), id);
  const names = ["--host", incompleteHost, "--tag", incompleteTag(id)];
  const { code } = await restic(["backup", ...names, "--retry-lock", "10m", "."], { cwd: directory });
  rmSync(directory, { recursive: true, force: true });
  return code === resticExit.done;
}

/** Tells every few seconds how much was sent. */
function progressOf({ log }: BackupContext): (status: Message) => void {
  let next = performance.now() + 5000;
  return ({ bytes_done: done = 0, total_bytes: total = 0, percent_done: share = 0 }) => {
    if (performance.now() < next) return;
    next = performance.now() + 5000;
    log(
      `sending: ${formatBytes(Number(done))} of ${formatBytes(Number(total))} (${Math.floor(Number(share) * 100)} %)`,
    );
  };
}
