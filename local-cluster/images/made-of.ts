import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { sha256 } from "./archive";

/**
 * One digest of the code that makes an image: the files directly in `folder`, those in `files`, and what each of them
 * imports by a relative path. A missing folder counts as empty. Another recipe's code isn't in it, so that an image
 * which takes minutes isn't made again for a change that is none of its own.
 */
export async function digestOfCode(folder: string, files: string[]): Promise<string> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  const own = entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(folder, name));
  const found = new Map<string, string>();
  const waiting = [...own, ...files];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (found.has(file)) continue;
    const body = await readFile(file);
    found.set(file, sha256(body));
    if (/\.[cm]?ts$|\.[cm]js$/.test(file)) waiting.push(...importsOf(file, body.toString()));
  }
  const relative = [...found].map(([file, digest]) => `${path.relative(__dirname, file)} ${digest}`);
  return sha256(relative.sort().join("\n"));
}

/** The files that the code imports by a relative path. */
function importsOf(file: string, text: string): string[] {
  const names = [...text.matchAll(/\bfrom "(\.{1,2}\/[^"]+)"/g)].map(([, name = ""]) => name);
  const places = names.map((name) => path.join(path.dirname(file), name));
  return places.map((place) => [place, `${place}.ts`].find((name) => path.extname(name) !== "" && existsSync(name))!);
}
