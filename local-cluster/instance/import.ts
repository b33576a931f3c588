import { execa } from "execa";
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { extract } from "tar-stream";
import { enter, namespaceFlags } from "./namespaces";
import type { Running } from "./supervise";

/** The archives that were imported, and the image names in each. */
type Imported = Record<string, string[]>;

/**
 * Imports the images in these docker archives into containerd. Skips images that it already has from the same archive.
 */
export async function importArchives(running: Running, archives: string[]): Promise<void> {
  const images = ["ctr", "--address", running.layout.node.containerd.socket, "--namespace", "k8s.io", "images"];
  const note = join(running.layout.dir, "imported.json");
  const imported: Imported = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : {};
  const present = new Set((await enter(running.init, [...images, "list", "--quiet"], running.env)).split("\n"));
  for (const archive of archives) {
    const key = identityOf(archive);
    if (imported[key]?.every((name) => present.has(name))) continue;
    await execa("nsenter", [...namespaceFlags(running.init), ...images, "import", "-"], {
      inputFile: archive,
      env: running.env,
    });
    imported[key] = await imageNames(archive);
    writeFileSync(note, JSON.stringify(imported));
  }
}

/** A text that changes when the file changes. */
function identityOf(archive: string): string {
  const { size, mtimeMs } = statSync(archive);
  return `${archive} ${size} ${mtimeMs}`;
}

/** The names in a docker archive's manifest. */
async function imageNames(archive: string): Promise<string[]> {
  const entries = createReadStream(archive).pipe(extract());
  for await (const entry of entries) {
    if (entry.header.name !== "manifest.json") {
      entry.resume();
      continue;
    }
    const manifest = (await json(entry)) as { RepoTags?: string[] }[];
    return manifest.flatMap(({ RepoTags }) => RepoTags ?? []);
  }
  throw new Error(`${archive} is not a docker archive: it has no manifest.json`);
}
