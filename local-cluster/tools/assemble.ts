import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { withLock } from "../lock.mjs";
import { cacheDir } from "../paths";
import type { Progress } from "../progress";
import { goModule } from "./go";
import { obtain, type ObtainOptions } from "./obtain";
import type { Part } from "./part";
import { makeWhole, removeUnfinished } from "./store";

/** Where all parts are, and the directories that link to them. */
const toolsDirectory = () => path.join(cacheDir(), "tools");

/** Obtains the parts that the cache lacks, and returns a directory with links to all their files. */
export async function assemble(parts: Part[], progress: Progress, options: ObtainOptions): Promise<string> {
  const directory = toolsDirectory();
  const sources = goSources();
  const nameOf = (part: Part) => `${part.name}-${part.version}-${digest(JSON.stringify(part), sources)}`;
  const place = (part: Part) => path.join(directory, nameOf(part));
  const bin = path.join(directory, `bin-${digest(...parts.map(nameOf))}`);
  const lacking = () => parts.filter((part) => !existsSync(place(part)));
  if (existsSync(bin) && lacking().length === 0) return bin;

  await locked(progress, async () => {
    await removeUnfinished(directory);
    const missing = lacking();
    if (missing.length > 0) await obtain(missing, { directory, place }, progress, options);
    if (!existsSync(bin)) await makeWhole(bin, (unfinished) => linkAll(parts, nameOf, unfinished));
  });
  return bin;
}

/** Only one process at a time obtains tools. The others wait, and then find the tools in the cache. */
export function locked(progress: Progress, work: () => Promise<void>): Promise<void> {
  return withLock(`tools ${toolsDirectory()}`, work, (pid) =>
    progress.info(`waiting for process ${pid}, which is preparing the tools …`),
  );
}

/** Relative links: a cache that was moved still works. */
async function linkAll(parts: Part[], nameOf: (part: Part) => string, bin: string): Promise<void> {
  for (const part of parts) {
    for (const file of part.files) {
      await fs.mkdir(path.dirname(path.join(bin, file)), { recursive: true });
      await fs.symlink(`${"../".repeat(file.split("/").length)}${nameOf(part)}/${file}`, path.join(bin, file));
    }
  }
}

/** A digest of everything in local-cluster/go/, which decides what is built. */
function goSources(): string {
  const root = goModule("");
  const files = (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => statSync(path.join(root, file)).isFile())
    .sort();
  return digest(...files.flatMap((file) => [file, readFileSync(path.join(root, file), "utf8")]));
}

function digest(...texts: string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 12);
}
