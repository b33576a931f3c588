import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { askedServer } from "./asked-server";

describe("a kubeconfig's plugin (exec)", () => {
  const { file, base64, ask, bothSay, bothFail, url } = askedServer();

  const credential = (status: object) =>
    JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status });
  const exec = (script: string, more: object = {}) => ({
    exec: { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script], ...more },
  });

  it("args and env", () =>
    bothSay(
      "authorization",
      "Bearer of-e",
      exec(`echo '${credential({ token: "of-PLACE" })}' | sed "s/PLACE/$E/"`, {
        env: [{ name: "E", value: "e" }],
      }),
    ));
  it("may take longer than an API server that doesn't answer", async function () {
    this.timeout(30_000);
    await bothSay("authorization", "Bearer late", exec(`sleep 6; echo '${credential({ token: "late" })}'`));
  });
  it("may give a certificate", async () => {
    const pem = readFileSync(file("person.pem"), "utf8");
    const answer = credential({ clientCertificateData: pem, clientKeyData: pem });
    writeFileSync(file("answer"), answer);
    const all = await ask(exec(`cat ${file("answer")}`));
    assert.deepEqual(
      all.map(({ client }) => client),
      ["jane", "jane"],
    );
  });
  it("with a slash is relative to its file", async () => {
    mkdirSync(file("bin"), { recursive: true });
    writeFileSync(file("bin/login"), `#!/bin/sh\necho '${credential({ token: "beside" })}'\n`, { mode: 0o755 });
    await bothSay("authorization", "Bearer beside", { exec: { command: "bin/login" } });
  });
  it("provideClusterInfo: it is told of the cluster, and whether it may ask a person", async () => {
    const script = `echo "$KUBERNETES_EXEC_INFO" > ${file("told")}; echo '${credential({ token: "t" })}'`;
    await ask(exec(script, { provideClusterInfo: true }));
    assert.deepEqual(JSON.parse(readFileSync(file("told"), "utf8")), {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: url(), "certificate-authority-data": base64("ca.crt") } },
    });
  });
  const who = (command: string) => `the kubeconfig's user "u" logs in by the program "${command}", `;
  it("installHint: said where the program is not there", () =>
    bothFail(`${who("no-such-login")}and that is not there; get it at example.com`, {
      exec: { command: "no-such-login", installHint: "get it at example.com\n" },
    }));
  it("that fails is refused with its last words", () =>
    bothFail(`${who("sh")}and that ended with 3: log in first`, exec("echo log in first >&2; exit 3")));
  it("that prints something else is refused", () =>
    bothFail(
      `${who("sh")}and that printed no credential (an ExecCredential with a token or a certificate)`,
      exec("echo hello"),
    ));
  it("interactiveMode Always, without a terminal", () =>
    bothFail(
      `${who("sh")}which asks a person (interactiveMode: Always), and there is no terminal; log in by kubectl ` +
        "first, or use a context that needs nobody",
      exec("exit 0", { interactiveMode: "Always" }),
    ));
});
