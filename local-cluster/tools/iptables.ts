import { execa, type ExecaError } from "execa";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "../progress";
import { locked } from "./assemble";
import { unpackDebian } from "./debian";
import { makeWhole } from "./store";

const iptablesPrograms = ["iptables", "ip6tables"].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);

/** iptables, and those of its dependencies that a machine without iptables may lack as well. */
const packages = [
  "iptables",
  "libip4tc2",
  "libip6tc2",
  "libxtables12",
  "libmnl0",
  "libnfnetlink0",
  "libnetfilter-conntrack3",
  "libnftnl11",
];

export async function machineHasIptables(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await execa("iptables", ["--version"], { env });
    return true;
  } catch (error) {
    return (error as ExecaError).code !== "ENOENT";
  }
}

/** Returns a directory with the tools of `bin` and Debian's iptables, which is unpacked beside it. */
export async function addIptables(bin: string, progress: Progress): Promise<string> {
  const together = `${bin}-iptables`;
  const own = path.join(path.dirname(bin), "iptables");
  if (existsSync(together) && existsSync(own)) return together;
  await locked(progress, async () => {
    if (!existsSync(own))
      await progress.step("unpacking iptables, which this machine lacks", () => makeWhole(own, unpack));
    if (!existsSync(together)) await makeWhole(together, (unfinished) => merge(bin, path.basename(own), unfinished));
  });
  return together;
}

async function merge(bin: string, own: string, directory: string): Promise<void> {
  await fs.cp(bin, directory, { recursive: true, verbatimSymlinks: true });
  for (const name of iptablesPrograms) await fs.symlink(`../${own}/${name}`, path.join(directory, name));
}

async function unpack(directory: string): Promise<void> {
  await unpackDebian(packages, directory);
  const flavour = (await works(directory, "nft")) ? "nft" : "legacy";
  for (const name of iptablesPrograms)
    await fs.writeFile(path.join(directory, name), wrapper(flavour, name), { mode: 0o755 });
}

/** Whether this flavour works with the kernel. As Debian does, we take nft where it works. */
async function works(directory: string, flavour: string): Promise<boolean> {
  const probe = path.join(directory, "probe");
  await fs.writeFile(probe, wrapper(flavour, "iptables-save"), { mode: 0o755 });
  const { failed } = await execa(probe, { reject: false });
  await fs.rm(probe);
  return !failed;
}

/**
 * Only these programs are told where their libraries are: set for all programs, it could change what others load.
 */
function wrapper(flavour: string, name: string): string {
  return `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
for libraries in "$here"/usr/lib/*/xtables; do
  export XTABLES_LIBDIR="$libraries" LD_LIBRARY_PATH="\${libraries%/xtables}"
done
exec "$here/usr/sbin/xtables-${flavour}-multi" ${name} "$@"
`;
}
