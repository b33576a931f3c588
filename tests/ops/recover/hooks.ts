import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Recovery {
  /** Another one in each test. */
  directory: string;
  /** What was said in this test so far, by `say`. */
  readonly said: string[];
  readonly say: (line: string) => void;
}

/** Gives each test of the suite that calls this a directory, and notes what is said in it. */
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
