import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Recovery {
  /** Each test has a directory of its own. */
  directory: string;
  /** The lines that `say` got in this test so far. */
  readonly said: string[];
  readonly say: (line: string) => void;
}

/** Gives each test of the calling suite a directory, and notes the lines said in it. */
export function recoveryHooks(): Recovery {
  const said: string[] = [];
  const recovery: Recovery = { directory: "", said, say: (line) => said.push(line) };
  beforeEach(async () => {
    recovery.directory = await mkdtemp(join(tmpdir(), "recover-"));
    said.length = 0;
  });
  afterEach(() => rm(recovery.directory, { recursive: true }));
  return recovery;
}
