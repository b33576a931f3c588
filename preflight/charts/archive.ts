import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { ChartFound } from "../../model/preflight-facts";

/** A tar archive's header and each file's end fill whole blocks of this many bytes. */
const block = 512;

/** What a directory or an archive in the checkout says it is. */
export function readChart(path: string): ChartFound {
  try {
    const text = statSync(path).isDirectory() ? readFileSync(join(path, "Chart.yaml"), "utf8") : unpack(path);
    const { name, version } = (text === undefined ? {} : (parse(text) ?? {})) as { name?: unknown; version?: unknown };
    if (typeof name !== "string" || version === undefined) return { is: "fault", why: "is not a Helm chart" };
    return { is: "file", name, version: String(version) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { is: "fault", why: code === "ENOENT" ? "is not there" : "is not a Helm chart" };
  }
}

/** The `Chart.yaml` at the top of a chart's archive, beside the chart's own charts further down. */
function unpack(path: string): string | undefined {
  const tar = gunzipSync(readFileSync(path));
  for (let at = 0; at + block <= tar.length;) {
    const field = (from: number, to: number) => tar.toString("utf8", at + from, at + to).replace(/\0.*$/s, "");
    const size = Number.parseInt(field(124, 136), 8) || 0;
    if (/^[^/]+\/Chart\.yaml$/.test(field(0, 100))) return tar.toString("utf8", at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
  }
  return undefined;
}
