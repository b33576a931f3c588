import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { deployConfig } from "./deployed";
import { header } from "./moved";
import { generated, one, type Recorded } from "./recorded";

const annotation = "cluster-storage/secrets";
const markOf = (workload: Recorded) => workload.inputs.spec.template.metadata.annotations[annotation] as string;
const keyed = (values: Record<string, string>) =>
  createHmac("sha256", generated("checksum-key")).update(JSON.stringify(values)).digest("hex");
const ignored = '["cluster-storage/secrets"]';

describe("the checksum of a pod's passwords", () => {
  let all: Recorded[];
  before(async () => {
    const services = "    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }\n    redis: { size: 1Gi }\n";
    all = await deployConfig(`${header}${services}`);
  });

  it("is keyed, so that nobody can try passwords by it", () => {
    const password = generated("redis-password");
    assert.equal(markOf(one(all, "Deployment", "redis")), keyed({ password }));
    assert.equal(
      markOf(one(all, "Job", "postgres-database-n8n")),
      keyed({ password: generated("n8n-database-password") }),
    );
    const plain = createHash("sha256").update(JSON.stringify({ password })).digest("hex");
    assert.ok(!JSON.stringify(all.map(({ inputs }) => inputs)).includes(plain), "a hash without a key");
  });

  it("has a key of the stack that is in no object of the cluster, and that nothing needs to protect", () => {
    const key = one(all, "RandomPassword", "checksum-key");
    assert.deepEqual(key.inputs, { length: 43, special: false });
    assert.deepEqual([key.parent, key.opts.protect, key.opts.retainOnDelete], [undefined, undefined, undefined]);
    assert.ok(!JSON.stringify(all.map(({ inputs }) => inputs)).includes(generated("checksum-key")));
  });

  it("replaces the pod when it changes, but not a pod whose own directory has the data", async () => {
    assert.deepEqual(one(all, "Deployment", "redis").opts.ignoreChanges, []);
    const spilled = await deployConfig(
      `${header.replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:")}    ` +
        "redis: { size: 1Gi, backend: pod, generation: 2, kept: [{ generation: 1, size: 1Gi }] }\n",
    );
    const { ignoreChanges } = one(spilled, "Deployment", "redis").opts;
    assert.deepEqual(ignoreChanges, [`spec.template.metadata.annotations${ignored}`]);
  });
});
