import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../../model/shell";

/** The kinds of steps; a script in `scripts/` looks at each, and makes it. */
export type Kind = "directory" | "mount" | "multipath" | "package" | "selinux" | "volume-group";

/** What a script works on. Its variables get these values. */
export interface Job {
  kind: Kind;
  variables: Readonly<Record<string, string>>;
}

const script = (name: string) => readFileSync(join(__dirname, "scripts", `${name}.sh`), "utf8");

const settings = ({ variables }: Job) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join("");

/** The script that looks at one step, makes it where it is missing, and looks again. It says one line. */
export const makeScript = (job: Job): string =>
  [script("common"), script("devices"), settings(job), script(job.kind), "carry_out </dev/null\n"].join("\n");

/** The script that looks at all steps and changes nothing. `parseLooks` reads what it says. */
export function lookScript(jobs: readonly (Job & { id: string })[], paths: readonly string[]): string {
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  const looks = kinds.map((kind) => {
    const those = jobs.filter((job) => job.kind === kind);
    const reports = those.map((job) => `${settings(job)}report ${quote(job.id)}\n`).join("");
    return `(\n${script(kind)}\n${reports}) </dev/null\n`;
  });
  return [
    script("common"),
    script("devices"),
    ...looks,
    script("facts"),
    `facts ${paths.map(quote).join(" ")}\nprintf 'end\\n'\n`,
  ].join("\n");
}

const shell = (user: string) => `${user === "root" ? "" : "sudo -n "}/bin/sh`;

/** A command that runs a script as root, whatever shell the account has. */
export const asRoot = (text: string, user: string): string => `${shell(user)} -c ${quote(text)}`;

/** A command that runs what comes by its standard input as root. `words` are for who reads the command. */
export const rootShell = (user: string, words: string): string => `${shell(user)} -s -- ${quote(words)}`;

/** A path as the end of a step's name: `/srv/local-path` becomes `-srv-local--path`; unlike paths stay unlike. */
export const nameOf = (path: string) => path.replaceAll("-", "--").replaceAll("/", "-");
