import { resolvePackages, unpackPackages, type Apt } from "./debian";
import { ofRelease, type Release } from "./release";
import { addDirectory, addFile, addSymlink, type FileTree } from "./tree";

/** The commands of every image that has a shell: for its scripts, its probes, and people who look inside. */
const APPLETS = (
  "[ ash awk base64 basename cat chgrp chmod chown clear cmp cp cut date dd df diff dirname du echo env expr " +
  "false find grep gunzip gzip head hostname id install kill less ln ls md5sum mkdir mktemp more mv nc od " +
  "printf ps pwd readlink realpath rm rmdir sed seq sh sha256sum sleep sort stat sync tail tar tee " +
  "test timeout top touch tr true tty uname uniq vi wc which whoami xargs yes zcat"
).split(" ");

/** The C library and the shell. The layer has the same bytes in every image, so containerd stores it once. */
const BASE = ["libc6", "libc-bin", "busybox-static"];

/** Programs of libc-bin that no server needs. A server reads the locale, and `initdb` calls `locale`: those stay. */
const LIBC_TOOLS =
  /^usr\/(sbin\/(ldconfig|zic|iconvconfig)|bin\/(localedef|iconv|getconf|pldd|zdump|tzselect|ldd|catchsegv))$/;

/** `packages`, busybox among them, with a link for every applet and the directories that programs take for granted. */
export async function busyboxLayer(packages: string[], scratch: string, apt: Apt): Promise<FileTree> {
  const tree = await unpackPackages(packages, scratch, apt);
  for (const path of [...tree.keys()].filter((path) => LIBC_TOOLS.test(path))) tree.delete(path);
  for (const directory of ["usr/bin", "usr/sbin", "usr/lib", "usr/lib64"]) {
    addDirectory(tree, directory);
    addSymlink(tree, directory.slice("usr/".length), directory);
  }
  for (const applet of APPLETS) addSymlink(tree, `usr/bin/${applet}`, "busybox");
  addDirectory(tree, "tmp", { mode: 0o1777 });
  addDirectory(tree, "run");
  addSymlink(tree, "var/run", "/run");
  return tree;
}

export interface DebianLayers {
  base: FileTree;
  /** What the service adds to the base. */
  service: FileTree;
  /** The package's version as an image tag. */
  version: string;
}

/** The layers of a service from the package that is it. `also`: further packages that it needs; default: none. */
export async function debianLayers(
  { name, release, also = [] }: { name: string; release: Release; also?: string[] },
  scratch: string,
  machine: Apt,
): Promise<DebianLayers> {
  const apt = await ofRelease(machine, release);
  const base = await busyboxLayer(BASE, `${scratch}/base`, apt);
  const packages = (await resolvePackages([name, ...also], apt)).filter((item) => !BASE.includes(item.name));
  const wanted = packages.map(({ name, version }) => `${name}=${version}`);
  const service = await unpackPackages(wanted, `${scratch}/service`, apt);
  const { version } = packages.find((item) => item.name === name)!;
  return { base, service, version: tagOf(version) };
}

/** A Debian version as an image tag: without its epoch, and without characters that a tag cannot have. */
export function tagOf(version: string): string {
  return version.replace(/^\d+:/, "").replace(/[^\w.-]/g, "-");
}

/** Adds the account files: `initdb` and `id` need a name for the user number that they run as. */
export function addAccounts(
  tree: FileTree,
  accounts: { name: string; uid: number; gid: number; home: string }[],
): void {
  const everyone = [
    { name: "root", uid: 0, gid: 0, home: "/root" },
    ...accounts,
    { name: "nobody", uid: 65534, gid: 65534, home: "/nonexistent" },
  ];
  const passwd = everyone.map(({ name, uid, gid, home }) => `${name}:x:${uid}:${gid}::${home}:/bin/sh\n`);
  addFile(tree, "etc/passwd", passwd.join(""), { mode: 0o644 });
  addFile(tree, "etc/group", everyone.map(({ name, gid }) => `${name}:x:${gid}:\n`).join(""), { mode: 0o644 });
  addFile(tree, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", { mode: 0o644 });
}
