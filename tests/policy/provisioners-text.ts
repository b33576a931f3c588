import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backendTypes } from "../../backends/catalogue";
import type { Backend } from "../../model/backend";
import { planOf, root } from "../stack";

/** The table that the policies go by. They may import nothing of this program, so it is written from the backends. */
export const provisionersFile = join(root, "policy", "provisioners.ts");

/** A name that stands for every backend's: in a pattern, `*` is any part of a name. */
const any = "*";

/** What the backends say of their provisioners, each with the settings of its example. */
export function provisionersText(): string {
  const modes = new Map([...backendTypes.values()].flatMap((kind) => exampleSettings(kind).flatMap(modesOf(kind))));
  const lines = [...modes].map(([pattern, can]) => `  ${JSON.stringify(pattern)}: ${array(can)},`);
  return `/**
 * What the provisioners of this program's backends can do. Written by \`npm run golden\` from backends/, and held to it
 * by a test: change it there.
 */

/** Access modes by a provisioner's name; \`*\` stands for any part of a name. */
export const accessModes: Record<string, string[]> = {
${lines.join("\n")}
};
`;
}

const modesOf = (kind: Backend) => (settings: unknown) =>
  kind.classes(any, settings).flatMap(({ make, accessModes }) => {
    const pattern = make && (make.provisionerPattern ?? make.provisioner);
    return pattern === undefined ? [] : [[pattern, accessModes ?? kind.accessModes(settings)] as const];
  });

function exampleSettings({ type }: Backend): unknown[] {
  const example = readFileSync(join(root, "examples", type, `Pulumi.${type}.yaml`), "utf8");
  const { backends } = planOf(example, type).config;
  return [...backends.values()].filter((backend) => backend.type === type).map(({ settings }) => settings);
}

const array = (texts: string[]) => `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
