import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { restic, resticExit } from "../backup/restic";
import { faultOfPoint, openPoint, type Opened, type OpenOptions } from "./open-point";

/** What a point has of its service's Secret: base64 by key; empty where the service had none. Throws as `openPoint`. */
export async function keysOf(opened: Opened, options: OpenOptions): Promise<Record<string, string>> {
  const { digests } = await openPoint(opened, options);
  const names = [...digests.keys()].flatMap((key) => (key.startsWith("keys/") ? [key.slice("keys/".length)] : []));
  if (names.length === 0) return {};
  const target = join(options.work, "keys");
  try {
    const args = ["restore", `${opened.point}:/keys`, "--target", target, "--no-lock"];
    const end = await restic(args, { signal: options.signal });
    if (end.code !== resticExit.done) throw faultOfPoint(end, opened);
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(target, name)).toString("base64")]));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
