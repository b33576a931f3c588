import assert from "node:assert/strict";
import { checkpoint, parseCheckpoint } from "../../../local-cluster/plugins/kubernetes/checkpoint";
import { markSecrets } from "../../../local-cluster/plugins/kubernetes/secrets";
import { shellCommand, withOutput } from "../../../local-cluster/plugins/command/inputs";
import { redact } from "../../../local-cluster/plugins/protocol/redact";
import { Secret } from "../../../local-cluster/plugins/protocol/values";

describe("secrets in the state", () => {
  const inputs = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { password: "hunter2" } };
  const live = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "s",
      managedFields: [{ manager: "pulumi-kubernetes" }],
      annotations: { keep: "1", "kubectl.kubernetes.io/last-applied-configuration": '{"data":"hunter2"}' },
    },
    data: { password: "aHVudGVyMg==" },
  };

  it("all data of a Secret, in outputs and inputs, even where the program did not mark it", () => {
    const state = checkpoint(live, inputs, "manager");
    assert.deepEqual(state.data, new Secret({ password: "aHVudGVyMg==" }));
    assert.deepEqual(state.__inputs, { ...inputs, stringData: new Secret({ password: "hunter2" }) });
  });

  it("neither kubectl's copy of the object nor the field managers are kept", () => {
    assert.deepEqual(checkpoint(live, inputs, "manager").metadata, { name: "s", annotations: { keep: "1" } });
  });

  it("a checkpoint gives back what it was made from", () => {
    const { live: read, fieldManager } = parseCheckpoint(checkpoint(live, inputs, "manager"), {});
    assert.deepEqual(read.data, live.data);
    assert.equal(fieldManager, "manager");
  });

  it("what was secret in the inputs is secret in the outputs, element by element", () => {
    const plain = {
      kind: "Pod",
      spec: {
        containers: [
          {
            env: [
              { name: "A", value: "x" },
              { name: "B", value: "y" },
            ],
            image: "i",
          },
        ],
      },
    };
    const marked = markSecrets(plain, {
      spec: { containers: [{ env: [{ value: new Secret("x") }, { value: "y" }] }] },
    });
    assert.deepEqual(marked, {
      kind: "Pod",
      spec: {
        containers: [
          {
            env: [
              { name: "A", value: new Secret("x") },
              { name: "B", value: "y" },
            ],
            image: "i",
          },
        ],
      },
    });
  });

  it("a list of another length is secret as a whole", () => {
    const marked = markSecrets({ args: ["x", "injected"] }, { args: [new Secret("x")] });
    assert.deepEqual(marked, { args: new Secret(["x", "injected"]) });
  });
});

describe("secrets in errors", () => {
  it("are taken out of what the API server quotes", () => {
    const text = redact('Invalid value: "hunter2": must not', {
      spec: { password: new Secret("hunter2"), name: "Invalid" },
    });
    assert.equal(text, 'Invalid value: "[secret]": must not');
  });
});

describe("a command's output", () => {
  it("is plain, though an argument is secret: the program has to say that it is secret", () => {
    const output = { stdout: "o", stderr: "" };
    assert.deepEqual(withOutput({ create: "x" }, output), { create: "x", stdout: "o", stderr: "" });
    assert.deepEqual(withOutput({ stdin: new Secret("x") }, output), {
      stdin: new Secret("x"),
      stdout: "o",
      stderr: "",
    });
  });

  it("of the run before is in the environment, unless switched off", () => {
    const previous = { stdout: "o", stderr: "" };
    assert.deepEqual(shellCommand("x", { environment: { A: "1" } }, previous).environment, {
      A: "1",
      PULUMI_COMMAND_STDOUT: "o",
    });
    assert.deepEqual(shellCommand("x", { addPreviousOutputInEnv: false }, previous).environment, {});
  });
});
