import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { deleteInstance, instanceStatus } from "../../../local-cluster/instance/instance";
import { machineSnapshot } from "../machine-snapshot";
import { name, second, type InstanceUnderTest } from "./under-test";

/** A second instance beside this one, and the deletion of both. */
export function testDeletion(cluster: InstanceUnderTest): void {
  it("runs beside another instance, and neither sees the other", async () => {
    const neighbour = await cluster.start(second);
    assert.notEqual(neighbour.server, cluster.info.server);
    assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"], undefined, neighbour), "");
    await cluster.kubectl(["create", "namespace", "here"], undefined, neighbour);
    const was = cluster.numbers();
    await deleteInstance(second);
    assert.equal(existsSync(neighbour.dir), false);
    assert.equal((await instanceStatus(second)).state, "absent");
    assert.deepEqual(cluster.numbers(), was);
    await cluster.podReady();
    assert.doesNotMatch(await cluster.kubectl(["get", "namespaces", "-o", "name"]), /here/);
  });

  it("deletes everything, and a deletion that was killed on its way is finished by the next start", async () => {
    await deleteInstance(name);
    assert.equal(existsSync(cluster.info.dir), false);
    mkdirSync(`${cluster.info.dir}.deleting/volumes`, { recursive: true });
    await cluster.start();
    assert.equal(existsSync(`${cluster.info.dir}.deleting`), false);
    assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"]), "");
    await deleteInstance(name);
    assert.deepEqual(await machineSnapshot(name), cluster.untouched);
  });
}
