import { execa, ExecaError } from "execa";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";

class NoApt extends Error {}

/**
 * Unpacks Debian packages into `directory` without installing them: the machine stays as it is. Where the machine's
 * own package lists do not have them, it downloads lists to a temporary directory.
 */
export async function unpackDebian(packages: string[], directory: string): Promise<void> {
  const downloads = path.join(directory, ".debs");
  await fs.mkdir(downloads, { recursive: true });
  try {
    await download(packages, downloads);
    for (const file of await fs.readdir(downloads)) {
      if (file.endsWith(".deb")) await execa("dpkg-deb", ["-x", path.join(downloads, file), directory]);
    }
  } finally {
    await fs.rm(downloads, { recursive: true, force: true });
  }
}

async function download(packages: string[], downloads: string): Promise<void> {
  try {
    await apt(["download", ...packages], downloads);
  } catch (error) {
    if (error instanceof NoApt)
      throw new UserError(`${packages[0]} is not installed, and there is no \`apt-get\` to download it`);
    const lists = path.join(downloads, "lists");
    await fs.mkdir(path.join(lists, "partial"), { recursive: true });
    const own = ["-o", `Dir::State::lists=${lists}`];
    await apt([...own, "-o", "APT::Update::Error-Mode=any", "update"], downloads).catch(unreachable(packages));
    await apt([...own, "download", ...packages], downloads).catch(unreachable(packages));
  }
}

async function apt(args: string[], cwd: string): Promise<void> {
  const apart = [
    "-q",
    "-o",
    "APT::Sandbox::User=root",
    "-o",
    "Dir::Cache::pkgcache=",
    "-o",
    "Dir::Cache::srcpkgcache=",
    "-o",
    "Debug::NoLocking=1",
    "-o",
    "Acquire::Retries=2",
    // Whatever the machine's own settings say: what is unpacked here is linked into what runs as root.
    "-o",
    "APT::Get::AllowUnauthenticated=false",
    "-o",
    "Acquire::AllowInsecureRepositories=false",
  ];
  try {
    await execa("apt-get", [...apart, ...args], { cwd, env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    if ((error as ExecaError).code === "ENOENT") throw new NoApt();
    throw error;
  }
}

function unreachable(packages: string[]) {
  return (error: ExecaError): never => {
    const last = String(error.stderr).trim().split("\n").at(-1);
    throw new UserError(`the Debian packages ${packages.join(", ")} could not be downloaded: ${last}`);
  };
}
