import { execa } from "execa";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../local-cluster/paths";

const version = "0.11.4";

/** The program rustic, built once by cargo from its crate, whose lock file has the checksum of all its parts. */
export async function ensureRustic(): Promise<string> {
  const root = join(cacheDir(), "tools", `rustic-${version}`);
  const program = join(root, "bin", "rustic");
  if (existsSync(program)) return program;
  const args = ["--version", version, "--locked", "--no-default-features", "--root", root];
  await execa("cargo", ["install", "rustic-rs", ...args], { stdio: ["ignore", "inherit", "inherit"] });
  return program;
}
