import assert from "node:assert/strict";
import { committedStacks } from "../stack";
import { deployConfig } from "./deployed";

describe("the committed stacks", () => {
  for (const [stack, yaml] of committedStacks()) {
    it(
      `every object of ${stack} has a fixed name and this stack's mark, every pod is restricted, and processes ` +
        "are shared where they must be stopped",
      async () => {
        const objects = (await deployConfig(yaml)).filter(({ type }) => type.startsWith("kubernetes:"));
        assert.ok(objects.length > 80);
        const shared = objects
          .filter(({ inputs }) => inputs.spec?.template?.spec?.shareProcessNamespace)
          .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
        assert.deepEqual(shared.sort(), ["Deployment flowise", "Deployment taskflow"]);
        for (const { type, name, inputs, opts } of objects) {
          if (type.endsWith(":Secret"))
            assert.ok(opts.additionalSecretOutputs?.includes("metadata"), `kubectl's copy of ${name} is secret`);
          assert.ok(inputs.metadata.name, `${type} ${name} has a name`);
          assert.equal(inputs.metadata.annotations["cluster-storage/stack"], "cluster-storage/test", `${type} ${name}`);
          const pod = inputs.spec?.template?.spec ?? inputs.spec?.jobTemplate?.spec.template.spec;
          if (!pod) continue;
          assert.equal(pod.enableServiceLinks, false, `${type} ${name}`);
          assert.equal(pod.securityContext.runAsNonRoot, true, `${type} ${name}`);
          for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
            assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] }, `${type} ${name}`);
            assert.ok(container.resources.limits.memory, `${type} ${name}`);
          }
        }
      },
    );
  }
});
