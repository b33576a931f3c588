import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StandIn } from "../../../model/local-image";
import { busyboxLayer } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { compileGo } from "../go-program";
import { addFile, addSymlink, type FileTree } from "../tree";

/**
 * The stand-in for a service. Each service has an image of its own, because no stand-in reads its pod's config.
 * The image also has the shell and the tools by which data leaves a running pod.
 */
export function standIn(service: string, entry: StandIn, apt: Apt): Recipe {
  return {
    name: `stand-in-${service}`,
    folder: "stand-in",
    from: JSON.stringify(entry),
    async build(scratch) {
      const shell = await busyboxLayer(["busybox-static"], `${scratch}/shell`, apt);
      const root: FileTree = new Map();
      addFile(root, "stand-in", await compileGo(__dirname, scratch, apt.env));
      if (entry.process) addSymlink(root, `usr/bin/${entry.process}`, "/stand-in");
      const { start } = entry;
      if (start) addFile(root, start.slice(1), await readFile(`${__dirname}/start.sh`));
      const settings = {
        ...(start ? { cmd: [start], workdir: dirname(start) } : { entrypoint: ["/stand-in"] }),
        env: environmentOf(service, entry),
        user: entry.user,
        ports: [entry.http, ...entry.tcp].map((port) => `${port}/tcp`),
      };
      return { name: `stand-in-${service}`, version: "1", pinned: true, layers: [shell, root], settings };
    },
  };
}

/** What the program reads; lists are separated by spaces. */
export function environmentOf(
  service: string,
  { http, tcp, probes, data, writable, log, process, start }: StandIn,
): Record<string, string> {
  return {
    STAND_IN_SERVICE: service,
    STAND_IN_HTTP: String(http),
    STAND_IN_TCP: tcp.join(" "),
    STAND_IN_PROBES: probes.join(" "),
    STAND_IN_DATA: data,
    STAND_IN_WRITABLE: writable.join(" "),
    ...(log && { STAND_IN_LOG: log }),
    ...(process && (start ? { STAND_IN_SERVER: `/usr/bin/${process}` } : { STAND_IN_PROCESS: process })),
  };
}
