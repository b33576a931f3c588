import assert from "node:assert/strict";
import { redis, useBackedUp } from "./backed-up";
import { until } from "./state";

const home = "local-ai-backups";
const at = `claim ${home}/backups`;

describe("backups to a volume of the cluster", () => {
  const { cluster, file, inRedis, inPostgres } = useBackedUp({}, { claim: { size: "2Gi" } });
  const run = async (name: "backup" | "restore" | "rotate", ...args: string[]) => {
    const { exitCode, stdout, printed } = await file().run(name, ...args);
    assert.equal(exitCode, 0, printed);
    return stdout;
  };

  it("has a server of the repository in front of a claim, and no repository by itself", async () => {
    const { core } = cluster().kube;
    const claim = await core.readNamespacedPersistentVolumeClaim({ name: "backups", namespace: home });
    assert.equal(claim.status?.phase, "Bound");
    const { exitCode, printed } = await file().run("backup", "redis");
    assert.equal(exitCode, 1);
    assert.match(printed, new RegExp(`there is no repository at ${at}, and none was made`));
  });

  it("takes the points of services that run as different users", async function () {
    this.timeout(300_000);
    await inRedis("set", "before", "the point");
    await inPostgres("create table numbers as select 42 as number");
    assert.equal(await run("backup", "--init"), `made a repository at ${at}`);
    const printed = await run("backup");
    for (const service of ["redis", "postgres"])
      assert.match(printed, new RegExp(`^backed up ${service}: point [0-9a-f]{8}, .* added to ${at}$`, "m"));
  });

  it("restores one in the service's own namespace", async function () {
    this.timeout(300_000);
    await inRedis("set", "after", "the point");
    await run("restore", "redis", "--yes");
    await until("Redis has the point alone", async () => (await inRedis("keys", "*")) === "before");
    const { core } = cluster().kube;
    const claims = await core.listNamespacedPersistentVolumeClaim({ namespace: redis.namespace });
    assert.ok(claims.items.some(({ metadata }) => metadata?.name === "redis-data-2"));
  });

  it("gets another password, and the old one opens nothing any more", async function () {
    this.timeout(300_000);
    const printed = await run("rotate", "backups", "--yes");
    assert.match(printed, new RegExp(`^the repository at ${at} takes the new password, and the old one still$`, "m"));
    assert.match(printed, new RegExp(`^the old password opens nothing at ${at} any more$`, "m"));
    assert.doesNotMatch(await file().read(), /formerPassword/);
    assert.match(await run("backup", "redis"), /^backed up redis: point /m);
    assert.match(await run("backup", "--list", "redis"), /^redis +[0-9a-f]{8} /m);
  });
});
