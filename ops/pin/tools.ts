import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { clusterParts, testParts } from "../../local-cluster/tools/catalogue";
import type { HttpOptions } from "../../local-cluster/tools/http";
import type { Part } from "../../local-cluster/tools/part";
import { pinReleases } from "../../local-cluster/tools/pin";
import { digests, type Digests } from "../../local-cluster/versions";

/** The local cluster needs Linux; Pulumi and what checks manifests run on others too. */
function everyPart(): Part[] {
  const each = (os: string) => ["amd64", "arm64"].map((arch) => ({ os, arch }));
  return [
    ...each("linux").flatMap((platform) => [...clusterParts(platform), ...testParts(platform)]),
    ...each("darwin").flatMap((platform) => [
      ...clusterParts(platform).filter(({ name }) => name === "pulumi"),
      ...testParts(platform),
    ]),
  ];
}

/** What may differ in a test. */
export interface PinToolsOptions extends HttpOptions {
  parts?: Part[];
  pinned?: Digests;
}

/**
 * Writes the digests that the projects publish into `file`; returns what it did, line by line. Throws a UserError, and
 * writes nothing, where a release has another digest than the pinned one.
 */
export async function pinTools(
  file: string,
  { parts = everyPart(), pinned = digests, ...options }: PinToolsOptions = {},
): Promise<string[]> {
  const pins = await pinReleases(parts, pinned, options);
  if (pins.changed.length > 0)
    throw new UserError(
      [
        "These releases are not what they were, and a published release never changes. Nothing was written.",
        ...pins.changed.map((line) => `  ${line}`),
        "Ask their projects. To take another file, take another version: local-cluster/versions.ts",
      ].join("\n"),
    );
  const named = (said: string, all: string[]) => all.map((each) => `${said} ${each}`);
  const same = pins.added.length + pins.dropped.length === 0;
  if (!same) await writeFile(file, `${JSON.stringify(pins.digests, undefined, 2)}\n`);
  return [
    ...named("pinned", pins.added),
    ...named("dropped", pins.dropped),
    ...named("no digest:", pins.missing),
    same
      ? `${path.basename(file)} is as it was`
      : `wrote ${path.basename(file)}; compare it with another source before you commit it`,
  ];
}
