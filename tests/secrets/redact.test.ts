import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { putComment, putIssue } from "../../ops/ci/post";
import { learnSecrets, redact } from "../../ops/ci/redact";
import { writeReport } from "../../ops/ci/report-files";
import { openedAt, plainInState } from "../../ops/ci/stack-secrets";
import type { GitHub } from "../../ops/ci/github";
import { marked, shownIn } from "./marked";

/** As many secrets as somebody asks for, each of its own. */
class Secrets {
  readonly all: string[] = [];
  new(what: string): string {
    this.all.push(marked(what));
    return this.all.at(-1)!;
  }
}

describe("a marked secret in what CI prints", () => {
  it("is redacted from every place of a kubeconfig that takes one, in both ways to write keys", () => {
    for (const camel of [false, true]) {
      const secrets = new Secrets();
      const key = (name: string) => (camel ? name.replaceAll(/-(\w)/g, (_, c: string) => c.toUpperCase()) : name);
      const user = {
        token: secrets.new("token"),
        password: secrets.new("password"),
        username: "bot-of-the-pipeline",
        [key("client-key-data")]: secrets.new("key"),
        [key("client-certificate-data")]: secrets.new("certificate"),
        "auth-provider": {
          name: "oidc-provider",
          config: {
            [key("id-token")]: secrets.new("id"),
            [key("client-secret")]: secrets.new("client"),
            x: secrets.new("x"),
          },
        },
        exec: {
          command: "/usr/bin/get-token-of-cloud",
          apiVersion: "client.authentication.k8s.io/v1",
          env: [{ name: "CLOUD_ACCESS", value: secrets.new("env") }],
          args: ["login", `--service-principal=${secrets.new("assigned")}`, "--refresh-value", secrets.new("argument")],
        },
      };
      const config = {
        clusters: [{ name: "production-cluster", cluster: { server: "https://10.0.0.1:6443" } }],
        users: [{ name: "deployer-of-production", user }],
      };
      const open = "bot-of-the-pipeline /usr/bin/get-token-of-cloud production-cluster --refresh-value oidc-provider";
      for (const text of [stringify(config), JSON.stringify(config)]) {
        const env = { CI_KUBECONFIG: text };
        assert.deepEqual(shownIn(redact(`${open}\n${text}\n${secrets.all.join("\n")}`, env), secrets.all), []);
        assert.equal(redact(open, env), open);
      }
    }
  });

  it("is redacted from every part of an address that takes one", () => {
    const [word, query, login, proxy] = ["word", "query", "login", "proxy"].map(marked) as [
      string,
      string,
      string,
      string,
    ];
    const env = {
      PULUMI_BACKEND_URL: `azblob://me:${word}%21@state?sig=${query}%3D%3D&region=eu-central-1`,
      GIT_REMOTE: `https://${login}@git.test/repository.git`,
      HTTPS_PROXY: `http://user:${proxy}@proxy.test:3128`,
    };
    const printed = redact(`${Object.values(env).join(" ")} ${word}! ${query}== eu-central-1`, env);
    assert.deepEqual(shownIn(printed, [word, query, login, proxy]), []);
    assert.equal(
      printed,
      "azblob://me:[secret]@state?sig=[secret]&region=eu-central-1 https://[secret]@git.test/repository.git " +
        "http://user:[secret]@proxy.test:3128 [secret] [secret] eu-central-1",
    );
  });

  it("is redacted in each line, in base64 and in JSON", () => {
    const [one, two] = [marked("one"), marked("two")];
    const env = { DEPLOY_KEY: `${one}\n  ${two}"` };
    const printed = [`+ ${one}`, `    ${two}"`, JSON.stringify(env), Buffer.from(env.DEPLOY_KEY).toString("base64")];
    assert.deepEqual(shownIn(redact(printed.join("\n"), env), [one, two]), []);
  });

  it("is redacted part by part where the CLI shows a text that is JSON or YAML as an object", () => {
    const [password, key] = [marked("password"), marked("key")];
    learnSecrets([JSON.stringify({ password, nested: [{ key: `begin\n${key}\n` }] }), `a: &x 1\nb: *nothing`]);
    const [yaml, pin] = [marked("yaml"), 1234567890];
    learnSecrets([`login:\n  - ${yaml}\n  - ${pin}\n`]);
    const shown = `(json) {\n  password: "${password}"\n  key: "begin\n${key}"\n} ${yaml} ${pin} login nested`;
    assert.equal(
      redact(shown, {}),
      '(json) {\n  password: "[secret]"\n  key: "[secret]"\n} [secret] [secret] login nested',
    );
  });

  it("is redacted where it is very short, only as a value of its own", () => {
    learnSecrets(["q7", "zebr"]);
    assert.equal(redact('"q7" => "zebr", q7, zebra, zebr', {}), '"[secret]" => "[secret]", q7, zebra, [secret]');
  });

  it("takes no report away from the stack that is called like it", async () => {
    learnSecrets(["shop-of-prod"]);
    const scratch = await mkdtemp(join(tmpdir(), "report-"));
    const file = join(scratch, "report.json");
    await writeReport(file, { stack: "shop-of-prod", outcome: "safe", markdown: "in shop-of-prod" });
    const written: unknown = JSON.parse(await readFile(file, "utf8"));
    await rm(scratch, { recursive: true });
    assert.deepEqual(written, { stack: "shop-of-prod", outcome: "safe", markdown: "in [secret]" });
  });

  it("is looked for in every kubeconfig that can be read, and the others stop nothing", () => {
    assert.equal(redact("users", { KUBECONFIG: "", CI_KUBECONFIG: "users: [{ user: { token: *nothing } }]" }), "users");
  });

  it("is redacted from reports, comments, issues and summaries once it is known to be the stack's", async () => {
    const secret = marked("stack");
    learnSecrets([secret, "sesam"]);
    const scratch = await mkdtemp(join(tmpdir(), "report-"));
    const file = join(scratch, "report.json");
    const posted: unknown[] = [];
    const github: GitHub = {
      repository: "here/shop",
      author: () => Promise.resolve("bot"),
      list: () => Promise.resolve([]),
      request: (_method: string, _path: string, body?: unknown) => {
        posted.push(body);
        return Promise.resolve({ html_url: "https://here" });
      },
    } as unknown as GitHub;
    const text = `value: "${secret}" => "sesam", sesame`;
    await writeReport(file, { stack: "dev", markdown: text });
    await putComment(github, 7, "preview of dev", text);
    await putIssue(github, "drift", "Drift", text);
    const written = await readFile(file, "utf8");
    await rm(scratch, { recursive: true });
    assert.deepEqual(shownIn([written, posted], [secret]), []);
    for (const shown of [written, ...posted.map((body) => JSON.stringify(body))])
      assert.ok(shown.includes('value: \\"[secret]\\" => \\"[secret]\\", sesame'), shown);
  });

  it("is found in the config that the CLI decrypts, and in a state that has it in plain text from before", () => {
    const [now, before, other] = [marked("now"), marked("before"), marked("other")];
    const places = [
      ["cluster-storage:services", "taskflow", "env", "API_KEY"],
      ["cluster-storage:protect"],
      ["cluster-storage:services", "gone"],
    ];
    const opened = {
      "cluster-storage:services": { value: "{}", objectValue: { taskflow: { env: { API_KEY: now, MODE: "plain" } } } },
      "cluster-storage:protect": { value: other },
    };
    assert.deepEqual(openedAt(opened, places), [now, other]);
    assert.deepEqual(openedAt({}, places), []);
    const env = [
      { name: "API_KEY", value: before },
      { name: "MODE", value: "plain" },
    ];
    const spec = { template: { spec: { containers: [{ name: "taskflow", env }] } } };
    const resource = { urn: "u", type: "kubernetes:apps/v1:Deployment", inputs: { spec }, outputs: { spec } };
    assert.deepEqual(plainInState({ version: 3, deployment: { resources: [resource] } }, places), [before]);
  });
});
