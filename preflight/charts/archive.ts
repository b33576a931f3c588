import { createReadStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parse } from "yaml";
import type { ChartFound } from "../../model/preflight-facts";

/** What a directory or an archive in the checkout says it is. */
export async function readChart(path: string): Promise<ChartFound> {
  try {
    const yaml = statSync(path).isDirectory() ? readFileSync(join(path, "Chart.yaml"), "utf8") : await unpack(path);
    const { name, version } = (yaml === undefined ? {} : (parse(yaml) ?? {})) as { name?: unknown; version?: unknown };
    if (typeof name !== "string" || version === undefined) return { is: "fault", why: "is not a Helm chart" };
    return { is: "file", name, version: String(version) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { is: "fault", why: code === "ENOENT" ? "is not there" : "is not a Helm chart" };
  }
}

/** The `Chart.yaml` at the top of a chart's archive, beside the chart's own charts further down. */
async function unpack(path: string): Promise<string | undefined> {
  // Only few stacks have charts in archives, and every preview would load it.
  const { extract } = await import("tar-stream");
  const entries = extract();
  const unpacking = pipeline(createReadStream(path), createGunzip(), entries);
  unpacking.catch((error: Error) => entries.destroy(error));
  let found: string | undefined;
  for await (const entry of entries)
    if (found === undefined && /^[^/]+\/Chart\.yaml$/.test(entry.header.name)) found = await text(entry);
    else entry.resume();
  return found;
}
