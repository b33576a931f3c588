import assert from "node:assert/strict";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Secret } from "@pulumi/kubernetes/core/v1";
import { Command } from "@pulumi/command/local";
import { RandomPassword } from "@pulumi/random";
import { secret } from "@pulumi/pulumi";
import { change, find, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

const plain = "plain-text-7391";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

describe("secrets", () => {
  const namespace = useNamespace();
  const stack = useStack();
  let drawn: string;

  const declare =
    (length = 24): Program =>
    (options, { shellImage }) => {
      const password = new RandomPassword("password", { length, special: false });
      const hidden = { ...options, additionalSecretOutputs: ["metadata"] };
      new Secret(
        "marked",
        { metadata: { name: "marked", namespace: namespace() }, stringData: { password: password.result } },
        hidden,
      );
      new Secret(
        "unmarked",
        { metadata: { name: "unmarked", namespace: namespace() }, stringData: { password: plain } },
        options,
      );
      new Deployment(
        "app",
        {
          metadata: { name: "app", namespace: namespace() },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: "app" } },
            template: {
              metadata: { labels: { app: "app" } },
              spec: {
                containers: [{ name: "main", image: shellImage, env: [{ name: "PASSWORD", value: password.result }] }],
              },
            },
          },
        },
        options,
      );
      const cat = { create: "cat", logging: "none" } as const;
      const command = new Command(
        "command",
        { ...cat, stdin: password.result },
        { additionalSecretOutputs: ["stdout"] },
      );
      const telltale = new Command("telltale", { ...cat, stdin: secret("told") });
      return { password: password.result, printed: command.stdout, told: telltale.stdout };
    };

  const assertHidden = async (): Promise<void> => {
    const state = await stack().stateText();
    for (const text of [drawn, plain]) {
      assert.equal(state.includes(text), false, `${text} is in the state file`);
      assert.equal(
        state.includes(Buffer.from(text).toString("base64")),
        false,
        `${text} is in the state file, as base64`,
      );
    }
  };

  it("are in the cluster", async () => {
    const { outputs } = await stack().up(declare());
    drawn = String(outputs.password.value);
    assert.match(drawn, /^[A-Za-z0-9]{24}$/);
    const found = await find("v1/Secret", "marked", namespace());
    assert.equal(Buffer.from(found?.data?.password ?? "", "base64").toString(), drawn);
  });

  it("are secret outputs, and so is what a command prints of them where the program says so", async () => {
    const { outputs } = await stack().up(declare());
    assert.deepEqual([outputs.password.secret, outputs.printed.secret, outputs.printed.value], [true, true, drawn]);
  });

  it("are no secret in what a command prints where the program doesn't say so", async () => {
    const { outputs } = await stack().up(declare());
    assert.deepEqual([outputs.told.secret, outputs.told.value], [false, "told"]);
  });

  it("are never in the state in plain text, marked or not", () => assertHidden());

  it("nor after a refresh that finds kubectl's copy of a Secret", async () => {
    const copy = JSON.stringify({ data: { password: Buffer.from(drawn).toString("base64") } });
    const metadata = { name: "marked", namespace: namespace(), annotations: { [lastApplied]: copy } };
    await change("v1/Secret", { metadata });
    await stack().refresh(declare());
    await assertHidden();
  });

  it("nor in the output of a failing update", async () => {
    const text = await failureOf(
      stack().up((options) => {
        new Secret(
          "bad",
          { metadata: { name: "bad", namespace: namespace() }, data: { password: secret(`${plain}!`) } },
          options,
        );
      }),
    );
    assert.equal(text.includes(plain), false);
  });

  it("are the same in the next update", async () => {
    const { steps, outputs } = await stack().up(declare());
    assert.equal(outputs.password.value, drawn);
    assert.equal(steps.password, "same");
  });
});
