import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { resolvePackages } from "../../local-cluster/images/debian";
import { cacheDir } from "../../local-cluster/paths";
import { unpackDebian } from "../../local-cluster/tools/debian";
import { makeWhole } from "../../local-cluster/tools/store";

/** What a Debian machine that is a node of a cluster has, as far as scripts over SSH use it. */
const packages =
  "openssh-server lvm2 e2fsprogs xfsprogs util-linux mount kmod apt sudo dash bash coreutils findutils grep sed mawk " +
  "procps hostname base-files base-passwd libc-bin debianutils diffutils";
/** What the resolver leaves out, since no container needs it. */
const forInstalling = "dpkg tar libpam-modules libpam-modules-bin libpam-runtime";

/**
 * The directory of a Debian node's file system: unpacked, not installed, with dpkg's record of what is there. It is
 * in the cache, by the packages' versions, and must not be changed.
 */
export async function nodeRoot(): Promise<string> {
  const apt = { lists: join(cacheDir(), "ssh-node", "lists"), env: process.env };
  const wanted = (await resolvePackages(packages.split(" "), apt)).map(({ name, version }) => `${name}=${version}`);
  const own = await readFile(__filename);
  const key = createHash("sha256").update(own).update(wanted.join(" ")).digest("hex").slice(0, 16);
  const directory = join(cacheDir(), "ssh-node", key);
  if (!existsSync(directory)) await makeWhole(directory, (unfinished) => fill(unfinished, wanted));
  return directory;
}

async function fill(directory: string, wanted: string[]): Promise<void> {
  await unpackDebian([...wanted, ...forInstalling.split(" ")], directory);
  for (const name of ["bin", "sbin", "lib", "lib64"]) await mergeIntoUsr(directory, name);
  const masters = join(directory, "usr/share/base-passwd");
  await cp(join(masters, "passwd.master"), join(directory, "etc/passwd"));
  await cp(join(masters, "group.master"), join(directory, "etc/group"));
  await appendFile(join(directory, "etc/passwd"), "sshd:x:105:65534::/run/sshd:/usr/sbin/nologin\n");
  await writeFile(join(directory, "etc/fstab"), "# what is mounted when the machine starts\n");
  // LVM would wait ten seconds for each disk, for an answer of the udev that isn't there.
  const lvm = "devices { obtain_device_list_from_udev = 0 }\nactivation { udev_sync = 0 udev_rules = 0 }\n";
  await writeFile(join(directory, "etc/lvm/lvmlocal.conf"), lvm);
  await symlink("mawk", join(directory, "usr/bin/awk")); // an installation makes this link
  await writeFile(join(directory, "var/lib/dpkg/status"), statusOf(wanted));
  for (const name of ["dev", "proc", "sys", "run", "tmp", "root/.ssh"])
    await mkdir(join(directory, name), { recursive: true, mode: name.startsWith("root") ? 0o700 : 0o755 });
}

/** Packages of this Debian still have files in /bin; on an installed machine that is a link. */
async function mergeIntoUsr(directory: string, name: string): Promise<void> {
  const old = join(directory, name);
  if (existsSync(old)) {
    await execa("cp", ["-a", `${old}/.`, join(directory, "usr", name)]);
    await rm(old, { recursive: true });
  }
  await mkdir(join(directory, "usr", name), { recursive: true });
  await symlink(`usr/${name}`, old);
}

/** dpkg's record of the packages, which are given as NAME=VERSION, with what its queries need. */
function statusOf(wanted: string[]): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const records = wanted.map((one) => {
    const [name = "", version = ""] = one.split("=");
    const fields = { Architecture: architecture, Version: version, Maintainer: "tests", Description: name };
    const lines = Object.entries({ Package: name, Status: "install ok installed", ...fields });
    return lines.map(([field, value]) => `${field}: ${value}\n`).join("");
  });
  return records.join("\n");
}
