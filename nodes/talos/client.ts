import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeAway, type NodeTarget } from "../../model/node-preparation";
import { ownPath, revealed } from "../access";

/** Milliseconds within which a node has to answer a question. */
const patience = 20_000;

/**
 * One node by `talosctl`. `run` returns what it prints; it throws NodeAway with talosctl's own last words.
 * A talosconfig that came as a secret is in a file that only this user can read, until `close`.
 */
export interface TalosClient {
  /** The node's name in the cluster, and where it is reached. */
  readonly name: string;
  readonly address: string;
  run(args: readonly string[], limit?: number): Promise<string>;
  close(): void;
}

export function talosClient({ name, address, access }: NodeTarget): TalosClient {
  const { configFile, config, context } = access.talos;
  let folder: string | undefined;
  let file = configFile === undefined ? undefined : readable(ownPath(configFile));
  if (config) {
    const content = revealed(config, "the talosconfig");
    folder = mkdtempSync(join(tmpdir(), "cluster-storage-talos-"));
    file = join(folder, "config");
    writeFileSync(file, content, { mode: 0o600 });
  }
  const wayIn = [...(file ? ["--talosconfig", file] : []), ...(context ? ["--context", context] : [])];
  return {
    name,
    address,
    async run(args, limit = patience) {
      // Only a stack with such nodes pays for loading it.
      const { execa } = await import("execa");
      const done = await execa("talosctl", [...wayIn, "--nodes", address, ...args], {
        timeout: limit,
        reject: false,
        stdin: "ignore",
      });
      if (!done.failed) return done.stdout;
      throw new NodeAway(reasonOf(done, name, address, limit));
    },
    close: () => {
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readable(file: string): string {
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NodeAway(
      `the talosconfig ${file} ${code === "ENOENT" ? "is not there" : `can't be read (${code})`}; correct ` +
        "nodeAccess.talos.configFile",
    );
  }
}

interface Failed {
  code?: string;
  timedOut: boolean;
  stderr: string;
}

function reasonOf({ code, timedOut, stderr }: Failed, name: string, address: string, limit: number): string {
  if (code === "ENOENT") return "talosctl is not on the PATH of this machine; install it";
  if (timedOut) return `Talos at ${address} didn't answer within ${limit / 1000} s`;
  const said = stderr
    .split("\n")
    .filter((line) => line.trim() !== "")
    .at(-1);
  const [, cause] = causes.find(([form]) => form.test(stderr)) ?? [];
  return (
    `talosctl got no answer for ${name} at ${address}: ` +
    (cause === undefined ? (said ?? "it says nothing more") : `${cause} (${said})`)
  );
}

/** What gRPC and TLS say where a talosconfig isn't good, and what that means. */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    /remote error: tls: expired certificate/,
    "the certificate in the talosconfig has expired, or one of the two clocks is wrong; make a new one with a " +
      "talosconfig that is still good: talosctl config new",
  ],
  [
    /certificate has expired or is not yet valid/,
    "the node's certificate isn't valid at the time that this machine has; compare the two clocks",
  ],
  [
    /signed by unknown authority|remote error: tls: (unknown certificate authority|bad certificate)/,
    "the talosconfig is of another Talos cluster, or the node was not configured yet; name its own in " +
      "nodeAccess.talos",
  ],
  [/code = PermissionDenied/, "the talosconfig's role is too small; it has to be os:admin"],
  [
    /context "[^"]*" (is )?not (defined|found)/,
    "the talosconfig has no context of that name; talosctl config contexts lists those that it has",
  ],
];
