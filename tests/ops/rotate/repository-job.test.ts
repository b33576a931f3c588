import assert from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { jobWithPasswords, mayOpen } from "../../../ops/rotate/repository-job";

describe("the job of another password for the repository", () => {
  it("waits for a Secret of its own name, and has it as files alone", () => {
    const container = { name: "backup", volumeMounts: [{ name: "work", mountPath: "/work" }] };
    const spec = { template: { spec: { containers: [container], volumes: [{ name: "work", emptyDir: {} }] } } };
    const made = jobWithPasswords({
      metadata: { generateName: "backups-care-add-password-", labels: { a: "b" } },
      spec,
    } as V1Job & {
      metadata: object;
    });
    const { name = "", generateName, labels } = made.metadata as NonNullable<V1Job["metadata"]>;
    assert.match(name, /^backups-care-add-password-[0-9a-z]+$/);
    assert.ok(name.length <= 63);
    assert.deepEqual([generateName, labels, made.spec?.suspend], [undefined, { a: "b" }, true]);
    const pod = made.spec?.template.spec;
    assert.deepEqual(pod?.volumes?.at(-1), { name: "passwords", secret: { secretName: name, defaultMode: 0o440 } });
    const mount = { name: "passwords", mountPath: "/passwords", readOnly: true };
    assert.deepEqual(pod?.containers[0]?.volumeMounts?.at(-1), mount);
    assert.equal(spec.template.spec.volumes.length, 1);
  });

  const volume = { name: "repository", secret: { secretName: "backups" } };
  for (const [what, phase, volumes, expected] of [
    ["a pod that runs", "Running", [volume], true],
    ["one that has not started yet", "Pending", [volume], true],
    ["one that has ended", "Failed", [volume], false],
    ["the server of a volume", "Running", [{ name: "repository", nfs: { server: "a", path: "/b" } }], false],
    ["one that opens no repository", "Running", [{ name: "data" }], false],
  ] as const)
    it(`${expected ? "waits" : "doesn't wait"} for ${what}`, () => {
      assert.equal(mayOpen({ spec: { containers: [], volumes: [...volumes] }, status: { phase } }), expected);
    });
});
