import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { fetchFile, type HttpOptions } from "../tools/http";

/** Maven Central, for a machine whose Maven is told of no mirror of it. */
const CENTRAL = "https://repo.maven.apache.org/maven2";

/** How many files come at once: each takes a round trip, and few of them have more than a megabyte. */
const AT_ONCE = 8;

/**
 * Downloads jars into `directory` and returns their file names. `locked`: path in the repository -> SHA-256. Throws
 * UserError where one can't be had or is another than the locked one.
 */
export async function fetchJars(
  locked: Readonly<Record<string, string>>,
  directory: string,
  { repository, ...options }: HttpOptions & { repository?: string } = {},
): Promise<string[]> {
  const from = repository ?? (await mavenRepository());
  const waiting = Object.entries(locked);
  const fetchNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await fetchJar(from, next, directory, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
  return Object.keys(locked).map((file) => path.posix.basename(file));
}

async function fetchJar(
  repository: string,
  [file, wanted]: [string, string],
  directory: string,
  options: HttpOptions,
): Promise<void> {
  const url = `${repository}/${file}`;
  const got = await fetchFile(url, path.join(directory, path.posix.basename(file)), options).catch((error: Error) => {
    throw new UserError(
      `The local cluster's images cannot be made, because ${url} cannot be downloaded: ${error.message}`,
    );
  });
  if (got !== wanted)
    throw new UserError(
      `The download of ${url} is not what is locked, and no image was made of it: its SHA-256 should be ${wanted}, ` +
        `and is ${got}. A proxy or a mirror may have changed it.`,
    );
}

/** Maven Central, or the mirror of it that the user's Maven settings name. */
export async function mavenRepository(settings = path.join(homedir(), ".m2", "settings.xml")): Promise<string> {
  const text = existsSync(settings) ? (await readFile(settings, "utf8")).replace(/<!--.*?-->/gs, "") : "";
  const mirrors = [...text.matchAll(/<mirror>(.*?)<\/mirror>/gs)].map(([, mirror = ""]) => mirror);
  const value = (mirror: string, name: string) => new RegExp(`<${name}>\\s*(.*?)\\s*</${name}>`, "s").exec(mirror)?.[1];
  const central = mirrors.find((mirror) =>
    (value(mirror, "mirrorOf") ?? "").split(",").some((of) => ["central", "*", "external:*"].includes(of.trim())),
  );
  return ((central && value(central, "url")) ?? CENTRAL).replace(/\/$/, "");
}
