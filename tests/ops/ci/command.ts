import { execa } from "execa";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../../stack";

export interface Ended {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * A directory, a fake Pulumi CLI that prints what the test sets, and an environment without anything of
 * this machine's user.
 */
export class Bench {
  private constructor(readonly directory: string) {}

  static async make(): Promise<Bench> {
    const bench = new Bench(await mkdtemp(join(tmpdir(), "ci-")));
    await bench.write("pulumi", fakePulumi);
    await bench.write("git", fakeGit);
    for (const program of ["pulumi", "git"]) await chmod(join(bench.directory, program), 0o755);
    return bench;
  }

  async write(name: string, text: string | object): Promise<string> {
    const file = join(this.directory, name);
    await writeFile(file, typeof text === "string" ? text : JSON.stringify(text));
    return file;
  }

  /**
   * Sets what the CLI prints and how it ends. `preview` is the one with the policies, `impact` the preview of the same
   * change for `npm run impact`.
   */
  async says(
    what: "preview" | "impact" | "refresh" | "up" | "output",
    text: string | object,
    exitCode = 0,
  ): Promise<void> {
    await this.write(`${what}.out`, text);
    await this.write(`${what}.code`, String(exitCode));
  }

  /** Sets what the CLI writes to its event log: what plugins said for the moment, and what stays. */
  async logs(what: "preview" | "refresh" | "up", events: { ephemeral: boolean; message: string }[]): Promise<void> {
    const lines = events.map((event) => JSON.stringify({ diagnosticEvent: { prefix: "", ...event } }));
    await this.write(`${what}.events`, lines.join("\n"));
  }

  /** Runs what `npm run ci:…` runs, with these variables and no others. */
  async run([name = "", ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const own = {
      PATH: [this.directory, process.env.PATH].join(delimiter),
      HOME: this.directory,
      TMPDIR: this.directory,
      BENCH: this.directory,
      PULUMI_BACKEND_URL: `file://${this.directory}`,
    };
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ["--require", "./transpile.cjs", `ops/commands/${name.replace(":", "-")}.ts`, ...args],
      { cwd: root, env: { ...own, ...env }, extendEnv: false, reject: false, stdin: "ignore" },
    );
    return { exitCode, stdout, stderr };
  }

  remove = () => rm(this.directory, { recursive: true });
}

/** The fake CLI notes its arguments, and whether only the owner can read the kubeconfig. */
const fakePulumi = `#!/bin/sh
echo "$*" >> "$BENCH/calls"
[ -n "$KUBECONFIG" ] && stat -c '%a' "$KUBECONFIG" >> "$BENCH/kubeconfig-mode"
case "$*" in
  version*) echo v3.259.0; exit 0 ;;
  "stack output"*) [ -e "$BENCH/output.out" ] && what=output || what=impact ;;
  "stack export"*) echo '{"deployment":{}}'; exit 0 ;;
  *--json*) what=impact ;;
  preview*) what=preview ;;
  refresh*) what=refresh ;;
  up*) what=up ;;
esac
if [ "$PULUMI_DEBUG_COMMANDS" = true ] && [ -e "$BENCH/$what.events" ]; then
  cp "$BENCH/$what.events" "$(echo "$*" | sed 's/.*--event-log \\([^ ]*\\).*/\\1/')"
fi
cat "$BENCH/$what.out"
exit "$(cat "$BENCH/$what.code")"
`;

/** The newest commit, of a pull request as of a checkout. */
export const commit = "0123456789abcdef0123456789abcdef01234567";

/**
 * A checkout of a pull request's trial merge without changes, where the test doesn't write `not-merged`, `base.yaml`
 * (a stack's file in the branch that it goes to) or `status` (what git prints of what isn't committed).
 */
const fakeGit = `#!/bin/sh
case "$*" in
  "rev-parse HEAD") echo ${commit} ;;
  "rev-parse HEAD^1 HEAD^2")
    [ -e "$BENCH/not-merged" ] && exit 128
    printf 'fedcba9876543210fedcba9876543210fedcba98\\n${commit}\\n' ;;
  status*) cat "$BENCH/status" 2>/dev/null || true ;;
  ls-tree*) if [ -e "$BENCH/base.yaml" ]; then echo Pulumi.dev.yaml; fi ;;
  show*) cat "$BENCH/base.yaml" ;;
  *) echo "nobody expected git $*" >&2; exit 1 ;;
esac
`;

/** The event of a pull request, as GitHub Actions writes it to a file. */
export function pullRequestEvent({ fork = false, labels = [] as string[] } = {}): object {
  const head = {
    sha: commit,
    repo: { full_name: fork ? "someone/notes" : "owner/notes" },
  };
  return {
    pull_request: {
      number: 7,
      labels: labels.map((name) => ({ name })),
      head,
      base: { repo: { full_name: "owner/notes" } },
    },
  };
}
