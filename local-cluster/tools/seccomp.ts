import { execa } from "execa";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { unpackDebian } from "./debian";
import { makeWhole } from "./store";

export interface SeccompOptions {
  /** C compiler as in Go's settings. */
  cc: string;
  /** Where libseccomp is unpacked when the machine has none. */
  unpackTo: string;
  /** Where a file for the build may be put. */
  scratch: string;
  /** For tests: ignore the machine's libseccomp. */
  pretendMissing?: boolean;
}

/**
 * The environment in which Go links runc statically with libseccomp, so that the machine needs none at run time. Go
 * asks pkg-config for the flags; a script answers instead, because the machine may have no pkg-config.
 */
export async function seccompEnvironment(options: SeccompOptions): Promise<NodeJS.ProcessEnv> {
  const installed = !options.pretendMissing && (await hasSeccomp(options.cc));
  const { compile, link } = installed ? { compile: "", link: "-lseccomp" } : await unpacked(options.unpackTo);
  const script = path.join(options.scratch, "pkg-config");
  const text = `#!/bin/sh\ncase "$*" in\n*--cflags*) echo '${compile}' ;;\n*--libs*) echo '${link}' ;;\nesac\n`;
  await fs.writeFile(script, text, { mode: 0o755 });
  return { CGO_ENABLED: "1", PKG_CONFIG: script };
}

/** Throws UserError where there is no C compiler. */
export async function findCompiler(cc: string): Promise<void> {
  const { failed } = await compiler(cc, ["-dumpversion"]);
  if (failed) throw new UserError(`a C compiler (\`${cc}\` does not run)`);
}

const compiler = (cc: string, args: string[], input = "") => {
  const [program = "gcc", ...first] = cc.split(" ");
  return execa(program, [...first, ...args], { input, reject: false });
};

/** Whether the compiler finds both the header and the static library. */
async function hasSeccomp(cc: string): Promise<boolean> {
  const library = await compiler(cc, ["-print-file-name=libseccomp.a"]);
  const header = await compiler(cc, ["-E", "-"], "#include <seccomp.h>\n");
  return path.isAbsolute(library.stdout) && !header.failed;
}

async function unpacked(directory: string): Promise<{ compile: string; link: string }> {
  if (!existsSync(directory))
    await makeWhole(directory, (unfinished) => unpackDebian(["libseccomp-dev", "libseccomp2"], unfinished));
  const libraries = path.join(directory, "usr", "lib");
  const [triple] = (await fs.readdir(libraries)).filter((name) =>
    existsSync(path.join(libraries, name, "libseccomp.a")),
  );
  return {
    compile: `-I${path.join(directory, "usr", "include")}`,
    link: `-L${path.join(libraries, triple!)} -lseccomp`,
  };
}
