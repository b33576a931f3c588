import { readFileSync } from "node:fs";
import * as path from "node:path";
import { versions } from "../../versions";
import type { Part } from "../part";
import { fromTools, github, prefixed, type Platform } from "./platform";

/** Starts a program's dynamic providers with the SDK that is installed beside that program. */
const dynamicProvider = `#!/bin/sh
exec node "$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')")" "$@"
`;

/** These run in front of the language host that is built: it is too old to run policy packs. */
const languageHostScripts = ["pulumi-language-nodejs", "policy-host.cjs"];
const script = (file: string) => ({
  file,
  text: readFileSync(path.join(__dirname, "..", "language-host", file), "utf8"),
});

/** The Pulumi CLI and its language host for Node. */
export function pulumi({ os, arch }: Platform): Part {
  const base = github("pulumi/pulumi", `v${versions.pulumi}`);
  const name = `pulumi-v${versions.pulumi}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`;
  const files = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
  return {
    name: "pulumi",
    version: versions.pulumi,
    files,
    releases: [
      {
        url: `${base}/${name}`,
        checksumUrl: `${base}/pulumi-${versions.pulumi}-checksums.txt`,
        take: prefixed("pulumi/", files),
      },
    ],
    programs: [
      fromTools("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"),
      {
        module: "language-host",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        file: "language-host",
      },
    ],
    scripts: [{ file: "pulumi-resource-pulumi-nodejs", text: dynamicProvider }, ...languageHostScripts.map(script)],
  };
}
