import { execa, ExecaError } from "execa";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as semver from "semver";
import { UserError } from "../../model/user-error";
import { versions } from "../versions";
import type { GoProgram } from "./part";

export interface Go {
  /** Where Go keeps compiled packages. */
  buildCache: string;
  /** Where Go keeps modules' sources. */
  moduleCache: string;
  /** The C compiler that Go would use. */
  cc: string;
}

/** The folder of one of our own modules, in local-cluster/go/. */
export const goModule = (name: string) => path.join(__dirname, "..", "go", name);

/** Reads Go's own settings. Throws UserError with the version that is needed where no such Go is installed. */
export async function findGo(): Promise<Go> {
  const needed = /^go (\S+)$/m.exec(readFileSync(path.join(goModule("tools"), "go.mod"), "utf8"))![1]!;
  const answer = await execa("go", ["env", "-json", "GOVERSION", "GOTOOLCHAIN", "GOCACHE", "GOMODCACHE", "CC"], {
    cwd: tmpdir(),
    reject: false,
  });
  if (answer.failed)
    throw new UserError(
      `Go ${needed} or newer (\`go\` ${answer.code === "ENOENT" ? "is not on PATH" : "does not run"})`,
    );
  const settings = JSON.parse(answer.stdout) as Record<string, string>;
  const has = semver.coerce(settings.GOVERSION)!;
  // From 1.21 on, Go downloads the version that a module asks for, unless GOTOOLCHAIN is "local".
  const switches = semver.gte(has, "1.21.0") && settings.GOTOOLCHAIN !== "local";
  if (semver.lt(has, needed) && !switches)
    throw new UserError(`Go ${needed} or newer (this machine's is ${has.version})`);
  return { buildCache: settings.GOCACHE!, moduleCache: settings.GOMODCACHE!, cc: settings.CC! };
}

const set: Record<string, string> = {
  "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
  "k8s.io/component-base/version.gitMajor": versions.kubernetes.split(".")[0]!,
  "k8s.io/component-base/version.gitMinor": versions.kubernetes.split(".")[1]!,
  "k8s.io/component-base/version.gitTreeState": "clean",
  "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}`,
  "github.com/containerd/containerd/v2/version.Version": `v${versions.containerd}`,
  "main.VERSION": `v${versions.localPathProvisioner}`,
};
const linkerFlags = ["-s", "-w", ...Object.entries(set).map(([name, value]) => `-X ${name}=${value}`)];
const tags = ["no_btrfs", "no_devmapper", "no_zfs"];

export interface GoBuildOptions {
  /** Directory that gets the programs, named as Go names them. */
  output: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  note: (text: string) => void;
}

/** Builds programs that can share one command. Throws UserError with what Go printed when it fails. */
export async function goBuild(programs: GoProgram[], { output, env, ...rest }: GoBuildOptions): Promise<void> {
  const [{ module, seccomp, tags: own }] = programs as [GoProgram];
  const static_ = seccomp ? ["-linkmode=external", "-extldflags=-static"] : [];
  const flags = [
    "-v",
    "-trimpath",
    "-tags",
    (own ?? tags).join(","),
    "-ldflags",
    [...linkerFlags, ...static_].join(" "),
  ];
  const packages = programs.map((program) => program.package);
  const common = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", ...env };
  if (module === "none")
    return go(["install", ...flags, ...packages], {
      ...rest,
      cwd: output,
      env: { ...common, GOFLAGS: "-mod=mod", GOBIN: output },
    });
  return go(["build", ...flags, "-o", `${output}${path.sep}`, ...packages], {
    ...rest,
    cwd: goModule(module),
    env: common,
  });
}

/** The name that Go gives to a package's program. */
export function programName(pkg: string): string {
  const elements = pkg.replace(/@.*/, "").split("/");
  const last = elements.at(-1)!;
  return /^v\d+$/.test(last) ? elements.at(-2)! : last;
}

async function go(
  args: string[],
  { cwd, env, signal, note }: Omit<GoBuildOptions, "output"> & { cwd: string },
): Promise<void> {
  const said: string[] = [];
  let compiled = 0;
  let fetched = 0;
  const child = execa("go", args, { cwd, env, cancelSignal: signal, stdin: "ignore", stdout: "ignore", buffer: false });
  const read = async () => {
    for await (const line of child.iterable({ from: "stderr" })) {
      if (line.startsWith("go: downloading ")) note(`${++fetched} modules fetched`);
      else if (/^[\w.\-/]+$/.test(line)) note(`${++compiled} packages compiled, now ${line}`);
      else said.push(line);
    }
  };
  const [ended] = await Promise.allSettled([child, read()]);
  if (ended.status === "rejected") throw new UserError(explain(said, ended.reason as ExecaError));
}

const offline = /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|proxyconnect/;

function explain(said: string[], error: ExecaError): string {
  const cause = said.find((line) => offline.test(line));
  if (cause) return `Go's modules could not be downloaded: ${cause.trim()}`;
  return `\`go build\` failed:\n${said.slice(-20).join("\n") || error.shortMessage}`;
}
