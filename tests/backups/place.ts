import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles, repositoryVariables } from "../../components/repository-files";
import type { ListedPoint } from "../../model/backup";
import type { BackupsPlan, RepositoryConfig } from "../../model/backups";
import { Hidden } from "../../model/hidden";
import { resticVariables } from "../../model/restic-pod";
import { readListed } from "../../ops/backup/print";
import { cheapen } from "./cheap-key";
import { password as right } from "./made-repository";
import { aRestore, target, useRestores } from "./restore-ground";

export const none = "redis was not backed up, and no point was made: ";
export const at = "the repository at the test's repository";

/** Where the tests' repository is, without its password. `server`: of a volume. */
export type Place = Omit<RepositoryConfig, "password"> & { server?: BackupsPlan["server"] };

/**
 * A service whose backups go to a place, by the files and variables that the pods have. `files`: where the server has
 * the files of the repository.
 */
export function usePlaces(files: () => string) {
  const scene = useRestores();
  /** From now on, restic finds the repository there. */
  function goTo({ server = { host: "", port: 0 }, ...place }: Place, password = right): void {
    const repository = { ...place, password: new Hidden(password) };
    const directory = join(scene.root, "opens");
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(repositoryFiles({ repository, server })))
      writeFileSync(join(directory, name), text);
    const { RESTIC: _, HOME: __, ...variables } = resticVariables({ tools: "", repository: directory, work: "" });
    delete process.env.RESTIC_REPOSITORY;
    delete process.env.RESTIC_PASSWORD;
    Object.assign(process.env, variables, repositoryVariables(repository));
  }
  async function listed(): Promise<ListedPoint[]> {
    scene.lines.length = 0;
    const { code, message } = await scene.run("list");
    assert.equal(code, 0, message);
    return readListed(scene.lines);
  }
  /** From now on, restic finds a repository there that has no point. */
  function goToMade(place: Place): void {
    scene.madeAt(files());
    goTo(place);
  }
  const cheapKey = () => cheapen(files(), right);
  return Object.assign(scene, { goTo, goToMade, cheapKey, listed });
}

/** What holds of every place. `whole`: one that works; it is empty before each test. */
export function holdsEverywhere(scene: ReturnType<typeof usePlaces>, whole: () => Place): void {
  const { run, goTo, goToMade, listed, restore, claimInUse } = scene;

  it("makes a repository by name alone, backs up, lists and restores", async () => {
    goTo(whole());
    const absent = await run();
    assert.equal(absent.code, 3);
    assert.match(absent.message ?? "", new RegExp(`^${none}there is no repository at the test's repository, and none`));
    assert.deepEqual(await run("init"), { code: 0 });
    scene.cheapKey();
    assert.deepEqual(await run("init"), { code: 0 });
    assert.equal(scene.lines.at(-1), "there is a repository at the test's repository already; it was left as it is");
    assert.deepEqual(await run(), { code: 0 });
    writeFileSync(join(scene.root, "emptyDir/sub/dump.rdb"), "what came later");
    const [point, ...more] = await listed();
    assert.deepEqual([point?.service, more.length], ["redis", 0]);
    assert.deepEqual(await restore(aRestore(point!.id)), { code: 0 });
    assert.equal(readFileSync(join(scene.root, target, "sub/dump.rdb"), "utf8"), "the data");
    assert.equal(claimInUse(), target);
  });

  it("says that the repository's password is wrong, and writes nothing", async () => {
    goToMade(whole());
    goTo(whole(), "wrong");
    const message =
      "the password is not that of the repository at the test's repository; nothing was written. Set the right one: " +
      "pulumi config set --secret --path 'cluster-storage:backups.repository.password'";
    assert.deepEqual(await run(), { code: 3, message: `${none}${message}` });
    assert.deepEqual(await run("init"), { code: 3, message });
    assert.equal(existsSync(join(scene.root, "held")), false);
  });
}
