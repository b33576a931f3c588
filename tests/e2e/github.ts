import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeGitHub } from "../ops/ci/fake-github";

/** Gives the suite that calls this a GitHub, and a directory for the reports that its comments are made of. */
export function useGitHub(): { github: FakeGitHub; reportFile: (name: string) => string } {
  const github = new FakeGitHub();
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "reports-"));
    await github.start();
  });
  after(async () => {
    await github.stop();
    await rm(scratch, { recursive: true });
  });
  return { github, reportFile: (name) => join(scratch, name) };
}
