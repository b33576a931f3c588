import { testComponents } from "./instance/components";
import { testDeletion } from "./instance/deletion";
import { testFirstStart } from "./instance/first-start";
import { testPods } from "./instance/pods";
import { testRestart } from "./instance/restart";
import { InstanceUnderTest } from "./instance/under-test";

describe("a local Kubernetes instance", function () {
  this.timeout(300_000);
  const cluster = new InstanceUnderTest();

  before(async function () {
    this.timeout(1_800_000);
    await cluster.prepare();
  });
  after(() => cluster.remove());

  // One instance goes through all of it: each part finds what the part before it left.
  testFirstStart(cluster);
  testPods(cluster);
  testComponents(cluster);
  testRestart(cluster);
  testDeletion(cluster);
});
