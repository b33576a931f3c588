import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { compiled } from "../compile.cjs";

/** The name of the library's file in the pods. */
export const sshLibraryFile = "ssh2.cjs";

/** What the SFTP program uses of the library: the rest of it is a server and an agent. */
const entries = { client: "ssh2/lib/client.js", keys: "ssh2/lib/protocol/keyParser.js" };

/**
 * What is left out, because a pod needs none of it and a ConfigMap holds 1 MiB: the library's own SFTP (restic speaks
 * it), keys with a passphrase, and what makes it faster by compiled code.
 */
const leftOut = /\/protocol\/SFTP\.js$|^bcrypt-pbkdf$|^cpu-features$|\.node$/;

const required = /\brequire\((['"])([^'"]+)\1\)/g;

let text: string | undefined;

/** The SSH library as one file, for pods that reach a repository by SFTP: they have Node, and no packages. */
export const sshLibrary = (): string => (text ??= bundle());

function bundle(): string {
  const start = createRequire(__filename);
  const root = start.resolve("ssh2/package.json");
  const modules = new Map<string, string>();
  const add = (file: string): string => {
    const name = relative(root, file);
    if (modules.has(name)) return name;
    // Two modules may need each other.
    modules.set(name, "");
    const here = createRequire(file);
    const source = file.endsWith(".json") ? `module.exports = ${readFileSync(file, "utf8")}` : stripped(file);
    const linked = source.replaceAll(required, (call, _quote, wanted: string) => {
      if (leftOut.test(wanted)) return `load("")`;
      const found = here.resolve(wanted);
      return found.startsWith("/") ? `load(${JSON.stringify(add(found))})` : call;
    });
    modules.set(name, linked);
    return name;
  };
  const load = (entry: string) => `load(${JSON.stringify(add(start.resolve(entry)))})`;
  const exported = `Client: ${load(entries.client)}, parseKey: ${load(entries.keys)}.parseKey`;
  const parts = [...modules].map(([name, body]) => `${JSON.stringify(name)}(module, exports, load) {\n${body}\n}`);
  return `"use strict";
const modules = { ""() {}, ${parts.join(",\n")} };
const loaded = {};
function load(name) {
  if (loaded[name]) return loaded[name].exports;
  const module = (loaded[name] = { exports: {} });
  modules[name](module, module.exports, load);
  return module.exports;
}
module.exports = { ${exported} };
`;
}

/** Without comments, which are a fifth of it. */
const stripped = (file: string) =>
  compiled(file, { target: 10 /* ES2023 */, module: 1 /* CommonJS */, removeComments: true });
