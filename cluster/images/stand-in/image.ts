import type { Recipe } from "../cache";
import { compileGo } from "../go-program";
import { addDirectory, addFile, type FileTree } from "../tree";
import { STAND_INS, type StandIn } from "./table";

/** The stand-in for a service of the table; each has its own tag, because the program tells it nothing. */
export function standIn(service: string, env: NodeJS.ProcessEnv): Recipe {
  const entry = STAND_INS[service]!;
  return {
    name: `stand-in-${service}`,
    from: JSON.stringify(entry),
    async build(scratch) {
      const root: FileTree = new Map();
      addFile(root, "stand-in", await compileGo(__dirname, scratch, env));
      addDirectory(root, "tmp", { mode: 0o1777 });
      const settings = {
        entrypoint: ["/stand-in"],
        env: environmentOf(service, entry),
        user: entry.user,
        ports: [entry.http, ...entry.tcp].map((port) => `${port}/tcp`),
      };
      return { name: `stand-in-${service}`, version: "1", pinned: true, layers: [root], settings };
    },
  };
}

/** What the program reads; lists are separated by spaces. */
export function environmentOf(service: string, { http, tcp, probes, data, writable, log }: StandIn): Record<string, string> {
  return {
    STAND_IN_SERVICE: service,
    STAND_IN_HTTP: String(http),
    STAND_IN_TCP: tcp.join(" "),
    STAND_IN_PROBES: probes.join(" "),
    STAND_IN_DATA: data,
    STAND_IN_WRITABLE: writable.join(" "),
    ...(log && { STAND_IN_LOG: log }),
  };
}
