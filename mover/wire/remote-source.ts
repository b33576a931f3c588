import { chmodSync, lchownSync } from "node:fs";
import type { CopyTask, Remote } from "../../model/mover";
import { run } from "../copy/cp";
import { dateOf, isNode, makeNodes } from "../copy/nodes";
import type { Source } from "../copy/source";
import { restore } from "../copy/tar";
import { filesOf, type Entry } from "../copy/walk";
import { firstOf, MoveError, show } from "../faults";
import { fromLine, namesOf, valuesOf, type Line, type RootLine } from "./entry-lines";
import { RemoteRequests } from "./remote-requests";

/** A source that a pod on another node serves. */
export class RemoteSource implements Source {
  readonly program = "tar";
  readonly #requests: RemoteRequests;
  #root: RootLine | undefined;

  constructor(
    readonly task: CopyTask,
    remote: Remote,
  ) {
    this.#requests = new RemoteRequests(remote, task.sourceName, process.env.KEY);
  }

  async read(): Promise<Entry[]> {
    const lines = valuesOf<RootLine | Line>(this.#requests.ask("/entries"));
    const entries: Entry[] = [];
    for await (const line of lines) {
      if (isRoot(line)) this.#root = line;
      else entries.push(fromLine(line));
    }
    return entries;
  }

  changed(): bigint {
    return BigInt(this.#root?.[3] ?? 0);
  }

  async digest(entries: Entry[]): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    const lines = valuesOf<[key: string, digest: string]>(this.#requests.ask("/digests"));
    for await (const [key, digest] of lines) digests.set(key, digest);
    const without = filesOf(entries).files.filter(({ key }) => !digests.has(key));
    if (without.length > 0)
      throw new MoveError(
        `${this.task.sourceName} changed while it was copied: ` +
          `${firstOf(without.map(({ path }) => show(path)))} is gone`,
        { transient: true },
      );
    return digests;
  }

  /** All directories are sent, because those that are there already may have another mode or time. */
  async fill(entries: Entry[], kept: Set<string>, onBytes: (bytes: number) => void): Promise<string> {
    const missing = entries.filter(({ key, type }) => type === "directory" || !kept.has(key));
    const complaints = await makeNodes(this.task.target, missing.filter(isNode));
    const others = missing.filter((entry) => !isNode(entry));
    const tar = this.#requests.ask(
      "/files",
      () => namesOf(others),
      ({ complaint = "" }) => complaints.push(complaint),
    );
    complaints.push(await restore(counted(tar, onBytes), this.task.target));
    return complaints.filter(Boolean).join("\n");
  }

  /** Sets the root's attributes, as far as this user may change them. */
  async finish(): Promise<void> {
    const { target } = this.task;
    if (!this.#root) return;
    const [mode, uid, gid, mtime] = this.#root;
    for (const change of [() => lchownSync(target, uid, gid), () => chmodSync(target, mode & 0o7777)]) attempt(change);
    await run("touch", ["--no-create", `--date=${dateOf(BigInt(mtime))}`, target]);
  }

  close(): void {
    this.#requests.close();
  }
}

/** The root's line begins with a number; an entry's line begins with its path. */
const isRoot = (line: RootLine | Line): line is RootLine => typeof line[0] === "number";

function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // Errors are ignored: a volume's root often belongs to whatever made the volume, and it is no data.
  }
}

async function* counted(stream: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of stream) {
    onBytes((bytes += chunk.length));
    yield chunk;
  }
}
