import type { GoProgram } from "../part";

/** The machine that a tool is for, in Go's words: `linux`, `darwin`; `amd64`, `arm64`. */
export interface Platform {
  os: string;
  arch: string;
}

/** The machine that this process runs on. */
export function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
}

/** The address of a release's files on GitHub. */
export const github = (repository: string, tag: string) => `https://github.com/${repository}/releases/download/${tag}`;
/** A program of the Go module `tools`; `file` is its path in the part. */
export const fromTools = (file: string, pkg: string, more: Partial<GoProgram> = {}): GoProgram => ({
  module: "tools",
  package: pkg,
  file,
  ...more,
});
/** Which file of an archive becomes which file of the part: `names`, in the archive below `prefix`. */
export const prefixed = (prefix: string, names: string[], folder = "") =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, `${folder}${name}`]));
