import { execa, type ExecaError } from "execa";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";

/** Versions of the C library that built packages are made for, the newest first (PEP 600; 2.17 is manylinux2014). */
const GLIBC = ["2_28", "2_27", "2_17", "2_12", "2_5"];

/** The Debian package that has pip as one file, so that the machine needs none. */
export const PIP_PACKAGE = "python3-pip-whl";

/** A Python of Debian's, unpacked below `root`. `version`: such as `3.13`. */
export interface UnpackedPython {
  root: string;
  version: string;
}

/**
 * Installs the packages in the requirements file into `directory`, by Debian's pip, which has to be unpacked below
 * Python's root. pip finds them by this machine's settings and checks each against its digest in the file. Only built
 * packages are taken, so none runs code of its own on this machine. Throws UserError where pip can't.
 */
export async function installWheels(
  requirements: string,
  directory: string,
  python: UnpackedPython,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const processor = process.arch === "arm64" ? "aarch64" : "x86_64";
  const platforms = GLIBC.map((version) => `manylinux_${version}_${processor}`).concat(`manylinux2014_${processor}`);
  const quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"];
  const target = [`--target=${directory}`, `--python-version=${python.version}`, "--implementation=cp"];
  const args = [
    ...[path.join(await pipOf(python.root), "pip"), "install", ...quiet, ...target],
    ...platforms.map((platform) => `--platform=${platform}`),
    ...["--only-binary=:all:", "--no-deps", "--no-compile", "--require-hashes", `--requirement=${requirements}`],
  ];
  const { command, ...run } = await interpreter(python);
  try {
    // Where the machine's settings are for its own Python's packages, they would contradict a directory.
    const own = { ...run.env, LC_ALL: "C", PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0" };
    await execa(command, [...run.args, ...args], { env: { ...env, ...own } });
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError;
    const said = firstError(String(stderr ?? "").trim()) || shortMessage;
    throw new UserError(`The local cluster's images cannot be made: pip says: ${said}`);
  }
}

async function pipOf(root: string): Promise<string> {
  const wheels = path.join(root, "usr/share/python-wheels");
  const found = (await readdir(wheels)).find((name) => /^pip-.*\.whl$/.test(name));
  if (!found) throw new Error(`${PIP_PACKAGE} has no pip in ${wheels}`);
  return path.join(wheels, found);
}

/** It is run with its own C library, as this machine's may be older, and without modules of this machine's. */
async function interpreter({ root, version }: UnpackedPython) {
  const libraries = path.join(root, "usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
  const loader = (await readdir(libraries)).find((name) => name.startsWith("ld-linux-"))!;
  return {
    command: path.join(libraries, loader),
    args: ["--library-path", libraries, path.join(root, `usr/bin/python${version}`), "-S"],
    env: { PYTHONHOME: path.join(root, "usr"), PYTHONPATH: "" },
  };
}

/** pip's first line of an error, which says what failed; otherwise its last line. */
function firstError(output: string): string {
  const lines = output.split("\n");
  return (lines.find((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "").replace(/^ERROR: /, "");
}

/**
 * Compiles all modules below Python's root. On a read-only root Python can't keep what it compiles, and would do it at
 * each start. What can't be compiled stays as it is.
 */
export async function compileModules(python: UnpackedPython): Promise<void> {
  const { root } = python;
  const { command, args, env } = await interpreter(python);
  const modules = ["usr/lib", "usr/local"].map((directory) => path.join(root, directory));
  await execa(
    command,
    [...args, ...["-m", "compileall", "-q", "--invalidation-mode=unchecked-hash", "-s", root, "-p", "/"], ...modules],
    { env, extendEnv: false, reject: false },
  );
}
