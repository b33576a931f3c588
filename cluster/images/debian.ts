import { execa, type ExecaError, type Options } from "execa";
import { mkdir, readdir } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { UserError } from "../../ops/errors";
import { collect, type FileTree, type TreeEntry } from "./tree";

/** A package at the version that the machine's package sources offer. */
export interface DebianPackage {
  name: string;
  version: string;
}

/** What the packages' install scripts and maintenance want, but no running service: a container has no installation. */
const NOT_AT_RUN_TIME =
  /^(perl|libperl.*|perl-.*|.*-perl|libgdbm.*|dpkg|tar|debconf|adduser|passwd|libpam-modules.*|libpam-runtime|libsemanage.*|libsepol.*|usrmerge|init-system-helpers|sysvinit-utils|sysv-rc|lsb-base|netbase|ucf|sensible-utils|ssl-cert|openssl|postgresql-common.*|postgresql-client-common|locales|libc-l10n|readline-common|libllvm.*|libz3-.*|libaudit-common|gcc-.*-base)$/;

/** Documentation, translations, and PostgreSQL's optional compiler: none of it is opened by a server. */
const NOT_NEEDED =
  /^(usr\/share\/(doc|man|info|lintian|locale|bash-completion|bug|initramfs-tools|zoneinfo\/(right|posix))|usr\/lib\/[^/]+\/gconv|usr\/lib\/postgresql\/[^/]+\/lib\/(bitcode|pgxs|llvmjit)|usr\/share\/postgresql\/[^/]+\/man|etc\/(init\.d|logrotate\.d|default)|usr\/lib\/systemd)(\/|[^/]*\.(so|bc)$|$)/;

/**
 * apt's own choice for `names` on a machine with nothing installed, less what only installing needs.
 * `lists` is where package lists are fetched to when the machine has none; its own are left as they are.
 */
export async function resolvePackages(names: string[], lists: string, env: NodeJS.ProcessEnv): Promise<DebianPackage[]> {
  const solve = (options: string[]) => apt([...options, "-o", "Dir::State::status=/dev/null", "--no-install-recommends", "--simulate", "install", ...names], { env });
  let output: string;
  try {
    output = await solve([]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    await updateLists(lists, env);
    output = await solve(ownLists(lists));
  }
  return parseSimulation(output).filter(({ name }) => !NOT_AT_RUN_TIME.test(name));
}

/** Reads `Inst NAME (VERSION SOURCE [ARCHITECTURE])` lines, sorted by name. */
export function parseSimulation(output: string): DebianPackage[] {
  const packages = [...output.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name, version]) => ({ name: name!, version: version! }));
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Downloads the packages into `scratch` (apt checks their signatures and hashes) and returns the files a container needs. */
export async function unpackPackages(packages: DebianPackage[], lists: string, scratch: string, env: NodeJS.ProcessEnv): Promise<FileTree> {
  const wanted = packages.map(({ name, version }) => `${name}=${version}`);
  await mkdir(scratch, { recursive: true });
  const download = (options: string[]) => apt([...options, "download", ...wanted], { env, cwd: scratch });
  try {
    await download([]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    await updateLists(lists, env);
    await download(ownLists(lists)).catch(unreachable);
  }
  const tree: FileTree = new Map();
  for (const file of (await readdir(scratch)).filter((name) => name.endsWith(".deb")).sort()) await unpack(path.join(scratch, file), tree, env);
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
  // A directory that several packages have keeps what the first said; a device node has no place in an image.
  if (entry && !(entry.type === "directory" && tree.has(name))) tree.set(name, entry);
}

/** The path without its leading `./`, where a system with a merged /usr has it. */
export function merged(name: string): string {
  const clean = name.replace(/^\.?\//, "").replace(/\/$/, "");
  return /^(bin|sbin|lib|lib32|lib64|libx32)(\/|$)/.test(clean) ? `usr/${clean}` : clean;
}

function ownLists(lists: string): string[] {
  return ["-o", `Dir::State::lists=${lists}`];
}

async function updateLists(lists: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(path.join(lists, "partial"), { recursive: true });
  await apt([...ownLists(lists), "-o", "APT::Update::Error-Mode=any", "update"], { env }).catch(unreachable);
}

function unreachable(error: unknown): never {
  if (error instanceof UserError) throw error;
  const last = ((error as ExecaError).stderr as string).trim().split("\n").at(-1);
  throw new UserError(`Debian's packages can't be fetched, so the local cluster's images can't be made; apt-get says: ${last}`);
}

/** In English whatever the user's language, as its own user, and without touching the machine's caches. */
async function apt(args: string[], options: Options & { env: NodeJS.ProcessEnv }): Promise<string> {
  const quiet = ["-q", "-o", "APT::Sandbox::User=", "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=", "-o", "Debug::NoLocking=1", "-o", "Acquire::Retries=3"];
  try {
    const { stdout } = await execa("apt-get", [...quiet, ...args], { ...options, env: { ...options.env, LC_ALL: "C" }, maxBuffer: 64 * 1024 * 1024 });
    return String(stdout);
  } catch (error) {
    if ((error as ExecaError).code === "ENOENT")
      throw new UserError("the local cluster's Redis and PostgreSQL are made from Debian's packages, and this machine has no apt-get; use `npm start -- --context NAME` with a cluster that can pull images");
    throw error;
  }
}
