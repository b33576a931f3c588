import { UserError } from "../../model/user-error";
import type { Progress } from "../progress";
import { buildParts, type BuildOptions } from "./build";
import { downloadRelease, unpinned, type DownloadOptions } from "./download";
import { reachable, Unavailable } from "./http";
import type { Part } from "./part";
import { makeWhole } from "./store";

export interface ObtainOptions extends DownloadOptions {
  /** Default: a part is downloaded where that is possible, otherwise built. */
  from?: "download" | "build";
  /** For tests: ignore the machine's libseccomp. */
  withoutSeccomp?: boolean;
  /** Called before a build that is needed because a place of downloads can't be reached. */
  building?: () => void;
}

type Where = Pick<BuildOptions, "directory" | "place">;

/** Downloads each part, or builds it where the download is not possible. */
export async function obtain(parts: Part[], where: Where, progress: Progress, options: ObtainOptions): Promise<void> {
  const reasons = options.from === "build" ? new Map<Part, string>() : await download(parts, where, progress, options);
  const rest = parts.filter((part) => options.from === "build" || reasons.has(part));
  if (rest.length === 0) return;
  if (options.from === "download") throw new UserError(`These tools could not be downloaded:\n${list(reasons)}`);
  for (const line of summary(reasons)) progress.info(line);
  try {
    const building = [...reasons.values()].some(isUnreachable) ? options.building : undefined;
    await buildParts(rest, { ...where, withoutSeccomp: options.withoutSeccomp, building }, progress);
  } catch (error) {
    if (!(error instanceof UserError) || reasons.size === 0) throw error;
    const why = [...new Set(reasons.values())].join(", ");
    throw new UserError(`${error.message.replace(/\.$/, "")}. They have to be built because ${why}.`);
  }
}

/** One line for each reason, with all parts that it applies to. */
function summary(reasons: Map<Part, string>): string[] {
  const grouped = new Map<string, string[]>();
  for (const [{ name }, reason] of reasons) grouped.set(reason, [...(grouped.get(reason) ?? []), name]);
  return [...grouped].map(([reason, names]) => `${reason}: building ${names.join(", ")}`);
}

const list = (reasons: Map<Part, string>) =>
  [...reasons].map(([{ name, version }, reason]) => `  ${name} ${version}: ${reason}`).join("\n");

/** Returns the parts that could not be downloaded, each with the reason. */
async function download(
  parts: Part[],
  where: Where,
  progress: Progress,
  options: DownloadOptions,
): Promise<Map<Part, string>> {
  const reasons = new Map<Part, string>();
  const wanted: Part[] = [];
  for (const part of parts) {
    const why = await whyNot(part, options);
    if (why) reasons.set(part, why);
    else wanted.push(part);
  }
  if (wanted.length > 0) {
    await progress.step(`downloading ${wanted.map(({ name }) => name).join(", ")}`, async (note) => {
      const results = await Promise.allSettled(
        wanted.map((part) => downloadPart(part, where.place(part), note, options)),
      );
      for (const [index, result] of results.entries()) {
        if (result.status === "fulfilled") continue;
        if (!(result.reason instanceof Unavailable)) throw result.reason;
        reasons.set(wanted[index]!, result.reason.message);
      }
    });
  }
  return reasons;
}

async function whyNot({ releases }: Part, { digests }: DownloadOptions): Promise<string | undefined> {
  if (releases.length === 0) return "its project publishes no binaries that can be unpacked here";
  const [why] = releases.map((release) => unpinned(release, digests)).filter((each) => each !== undefined);
  if (why) return why;
  for (const { url } of releases) if (!(await reachable(url))) return unreachable(url);
  return undefined;
}

const unreachable = (url: string) => `${new URL(url).host} is not reachable`;
const isUnreachable = (reason: string) => reason.endsWith(" is not reachable");

async function downloadPart(
  part: Part,
  directory: string,
  note: (text: string) => void,
  options: DownloadOptions,
): Promise<void> {
  await makeWhole(directory, async (unfinished) => {
    for (const release of part.releases) {
      note(release.url);
      await downloadRelease(release, unfinished, options);
    }
  });
}
