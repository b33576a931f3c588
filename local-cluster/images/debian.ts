import { execa, type ExecaError } from "execa";
import { mkdir, readdir } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { UserError } from "../../model/user-error";
import { withLock } from "../lock.mjs";
import { collect, type FileTree, type TreeEntry } from "./tree";

/** A package at the version that the machine's package sources offer. */
export interface DebianPackage {
  name: string;
  version: string;
}

/** Packages that only installing and maintaining others needs, and no running service. */
const NOT_AT_RUN_TIME = anyOf(
  "perl|libperl.*|perl-.*|.*-perl|libgdbm.*|dpkg|tar|debconf|adduser|passwd",
  "libpam-modules.*|libpam-runtime|libsemanage.*|libsepol.*|libaudit-common",
  "usrmerge|init-system-helpers|sysvinit-utils|sysv-rc|lsb-base|netbase|ucf|sensible-utils|ssl-cert|openssl",
  "postgresql-common.*|postgresql-client-common|locales|libc-l10n|readline-common|libllvm.*|libz3-.*|gcc-.*-base",
);

/** Documentation, translations, and PostgreSQL's optional compiler: no server opens any of these files. */
const NOT_NEEDED = anyOf(
  ...[
    "usr/share/(doc|man|info|lintian|locale|bash-completion|bug|initramfs-tools|zoneinfo/(right|posix))",
    "usr/lib/[^/]+/gconv",
    "usr/lib/postgresql/[^/]+/lib/(bitcode|pgxs|llvmjit)",
    "usr/share/postgresql/[^/]+/man",
    "etc/(init\\.d|logrotate\\.d|default)",
    "usr/lib/systemd",
  ].map((path) => `${path}(/.*|[^/]*\\.(so|bc))?`),
);

/** Matches a text that is, as a whole, one of these. */
function anyOf(...patterns: string[]): RegExp {
  return new RegExp(`^(${patterns.join("|")})$`);
}

export interface Apt {
  /** The directory for package lists that are downloaded because the machine has none; its own stay as they are. */
  lists: string;
  env: NodeJS.ProcessEnv;
  /** The only file of package sources to use, with lists of its own; default: the machine's sources and lists. */
  sources?: string;
}

/** What apt would install for `names` on an empty machine, without what only installing needs; sorted by name. */
export async function resolvePackages(names: string | string[], apt: Apt): Promise<DebianPackage[]> {
  const output = await withLists(apt, ["--no-install-recommends", "--yes", "--print-uris", "install"].concat(names));
  return parseUris(output).filter((found) => !NOT_AT_RUN_TIME.test(found.name));
}

/** Reads lines like `'ADDRESS' NAME_VERSION_ARCHITECTURE.deb SIZE HASH`, where a colon is written %3a. */
export function parseUris(output: string): DebianPackage[] {
  const files = [...output.matchAll(/^'[^']*' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb /gm)];
  const packages = files.map(([, name, version]) => ({ name: name!, version: decodeURIComponent(version!) }));
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Downloads the packages, given as NAME or NAME=VERSION, into `scratch` and returns the files that a container needs.
 * apt checks signatures and hashes.
 */
export async function unpackPackages(packages: string[], scratch: string, apt: Apt): Promise<FileTree> {
  await mkdir(scratch, { recursive: true });
  await withLists(apt, ["download", ...packages], scratch);
  const tree: FileTree = new Map();
  for (const file of (await readdir(scratch)).filter((name) => name.endsWith(".deb")).sort())
    await unpack(path.join(scratch, file), tree, apt.env);
  return tree;
}

async function unpack(file: string, tree: FileTree, env: NodeJS.ProcessEnv): Promise<void> {
  const reader = execa("dpkg-deb", ["--fsys-tarfile", file], { env, buffer: false, encoding: "buffer" });
  const entries = extract();
  const read = (async () => {
    for await (const entry of entries) {
      const body = await collect(entry);
      const name = merged(entry.header.name);
      if (name && !NOT_NEEDED.test(name)) addEntry(tree, name, entry.header, body);
    }
  })();
  await Promise.all([pipeline(reader.stdout, entries), read, reader]);
}

interface Header {
  type?: string | null;
  mode?: number;
  uid?: number;
  gid?: number;
  linkname?: string | null;
}

function addEntry(tree: FileTree, name: string, header: Header, body: Buffer): void {
  const owner = { mode: header.mode ?? 0o644, uid: header.uid ?? 0, gid: header.gid ?? 0 };
  if (header.type === "link") {
    const original = tree.get(merged(header.linkname ?? ""));
    if (original) tree.set(name, original);
    return;
  }
  const entries: Record<string, TreeEntry> = {
    file: { type: "file", ...owner, body },
    directory: { type: "directory", ...owner },
    symlink: { type: "symlink", ...owner, target: header.linkname ?? "" },
  };
  const entry = entries[header.type ?? "file"];
  // A directory that several packages have keeps the mode of the first. Device nodes are left out of an image.
  if (entry && !(entry.type === "directory" && tree.has(name))) tree.set(name, entry);
}

/** The path without its leading `./`, where a system with a merged /usr has it. */
export function merged(name: string): string {
  const clean = name.replace(/^\.?\//, "").replace(/\/$/, "");
  return /^(bin|sbin|lib|lib32|lib64|libx32)(\/|$)/.test(clean) ? `usr/${clean}` : clean;
}

/** Runs apt-get with the package lists that are there; where those are missing or too old, with lists of our own. */
async function withLists(apt: Apt, args: string[], cwd?: string): Promise<string> {
  const own = ["-o", `Dir::State::lists=${apt.lists}`];
  const first = apt.sources === undefined ? [] : own;
  try {
    return await aptGet(apt, [...first, ...args], cwd);
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
  try {
    await mkdir(path.join(apt.lists, "partial"), { recursive: true });
    // Two that write the same list at once would leave one that fits no signature.
    await withLock(apt.lists, () => aptGet(apt, [...own, "-o", "APT::Update::Error-Mode=any", "update"]));
    return await aptGet(apt, [...own, ...args], cwd);
  } catch (error) {
    const errors = String((error as ExecaError).stderr);
    throw new UserError(
      "The local cluster's images cannot be made, because Debian's packages cannot be downloaded. apt-get " +
        `says: ${reasonIn(errors)}${errors.includes("NO_PUBKEY") ? NEWER_KEYS : ""}`,
    );
  }
}

const NEWER_KEYS =
  ". This machine's keys of Debian are older than that release: apt-get update && apt-get install " +
  "debian-archive-keyring";

/** The line that says which address failed and why; otherwise the last line. */
function reasonIn(errors: string): string {
  const lines = errors.trim().split("\n");
  return lines.find((line) => line.includes("Failed to fetch")) ?? lines.at(-1) ?? "";
}

/** Beside one file of sources: no others, and no lists of what describes the packages to people. */
const ONLY_PACKAGES = [
  "Dir::Etc::sourceparts=/dev/null",
  "Acquire::Languages=none",
  "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
];

/**
 * Runs apt-get in English, as the current user, as if nothing were installed. It changes nothing on this machine.
 */
async function aptGet({ lists, env, sources }: Apt, args: string[], cwd?: string): Promise<string> {
  const settings = [
    "APT::Sandbox::User=",
    "Dir::State::status=/dev/null",
    `Dir::Cache::pkgcache=${lists}.pkgcache`,
    "Dir::Cache::srcpkgcache=",
    "Debug::NoLocking=1",
    "Acquire::Retries=3",
    // Whatever the machine's own settings say: what is unpacked here runs as root.
    "APT::Get::AllowUnauthenticated=false",
    "Acquire::AllowInsecureRepositories=false",
    ...(sources === undefined ? [] : [`Dir::Etc::sourcelist=${sources}`, ...ONLY_PACKAGES]),
  ];
  try {
    await mkdir(path.dirname(lists), { recursive: true });
    const { stdout } = await execa("apt-get", ["-q", ...settings.flatMap((setting) => ["-o", setting]), ...args], {
      cwd,
      env: { ...env, LC_ALL: "C" },
    });
    return stdout;
  } catch (error) {
    if ((error as ExecaError).code === "ENOENT")
      throw new UserError(
        "This machine has no apt-get, and the local cluster's Redis and PostgreSQL are made from Debian's packages. " +
          "Use a cluster that can pull images: `npm start -- --context NAME`.",
      );
    throw error;
  }
}
