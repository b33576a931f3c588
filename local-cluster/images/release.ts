import { execa } from "execa";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { writeWhole } from "./archive";
import type { Apt } from "./debian";

/** The Debian releases that images are made of: each has the version of a program that the catalogue has. */
export type Release = "bookworm" | "trixie";

/** Debian's own archive, for a machine that names no other place for it. */
const PUBLIC = "http://deb.debian.org/debian/";

/** The keys that Debian signs its releases with, from its package debian-archive-keyring. */
const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** How a machine's sources call the release that it runs, beside by its name. */
const RUNNING = ["oldoldstable", "oldstable", "stable", "testing", "unstable", "sid"];

/**
 * apt for one release of Debian, whichever the machine runs: from the place where the machine gets Debian's packages,
 * verified by Debian's keys. The machine's own sources and lists stay as they are. Throws UserError without the keys.
 */
export async function ofRelease(apt: Apt, release: Release, keys = KEYS): Promise<Apt> {
  if (!existsSync(keys))
    throw new UserError(
      `The local cluster's images cannot be made, because ${keys} does not exist, and Debian's packages are verified ` +
        "by the keys in it. Install it: apt-get install debian-archive-keyring",
    );
  const sources = `${apt.lists}-${release}.sources`;
  const lines = [
    "Types: deb",
    `URIs: ${await placeOfDebian(apt)}`,
    `Suites: ${release}`,
    "Components: main",
    `Signed-By: ${keys}`,
  ];
  await mkdir(path.dirname(sources), { recursive: true });
  await writeWhole(sources, `${lines.join("\n")}\n`);
  return { ...apt, lists: `${apt.lists}-${release}`, sources };
}

/** Where the machine gets Debian's packages; Debian's own archive for another system, or one that doesn't say. */
async function placeOfDebian({ env }: Apt): Promise<string> {
  const system = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID="?debian"?$/m.test(system)) return PUBLIC;
  const codename = /^VERSION_CODENAME="?(\w+)"?$/m.exec(system)?.[1] ?? "";
  const args = ["indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"];
  const { stdout = "" } = await execa("apt-get", args, { env: { ...env, LC_ALL: "C" }, reject: false });
  const targets = stdout.split("\n").map((line) => line.split(" "));
  const own = targets.find(([name = "", part]) => part === "main" && [codename, ...RUNNING].includes(name));
  return own?.[2] ?? PUBLIC;
}
