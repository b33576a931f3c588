import assert from "node:assert/strict";
import { chooseRotation } from "../../../ops/rotate/choose";
import { done, hasChanges, leftToDo, mayBeUnfinished, texts } from "../../../ops/rotate/run";
import { judge } from "../../../ops/rotate/try";
import { valuesIn } from "../../../ops/rotate/values";
import { catalogue } from "../../../services/catalogue";
import { planOf } from "../../stack";

const planned = (services: string[]) => {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:services:
${services.map((line) => `    ${line}`).join("\n")}
`);
  assert.deepEqual(faults, []);
  return plan;
};
const choose = (name: string, ...services: string[]) => chooseRotation(name, planned(services), catalogue);
const refusal = (name: string, ...services: string[]) => {
  try {
    choose(name, ...services);
  } catch (error) {
    return (error as Error).message;
  }
  return "not refused";
};

describe("what a rotation gives anew", () => {
  it("a server's passwords, and those of the roles that services have in it", () => {
    const { services, changing } = choose("postgres", "postgres: { size: 1Gi }", "n8n: { size: 1Gi, rotation: 3 }");
    assert.deepEqual(
      services.map(({ name, rotation }) => [name, rotation]),
      [
        ["postgres", 1],
        ["n8n", 3],
      ],
    );
    assert.deepEqual(
      changing.map(({ service, key, generation, valueName, trial }) => [
        service,
        key,
        generation,
        valueName(1),
        valueName(3),
        trial?.server.name,
      ]),
      [
        ["postgres", "password", 1, "postgres-password", "postgres-password-3", "postgres"],
        ["n8n", "database-password", 3, "n8n-database-password", "n8n-database-password-3", "postgres"],
      ],
    );
  });

  it("of a client its own role's password; its key stays, with the reason", () => {
    const choice = choose("n8n", "postgres: { size: 1Gi }", "n8n: { size: 1Gi }");
    assert.deepEqual(
      choice.changing.map(({ key }) => key),
      ["database-password"],
    );
    assert.deepEqual(choice.stays, [
      "the encryption-key of n8n stays: n8n has no way to encrypt what it has with another instance key; the owner " +
        "of the instance can give anew, in n8n, the data key that encrypts its credentials",
    ]);
    const { notes, question } = texts("n8n", choice, [], false);
    assert.deepEqual(notes, [
      "n8n starts again, and so does each service of the stack that has one of these passwords. Programs outside " +
        "the stack need the new value from the Secret.",
      ...choice.stays,
    ]);
    assert.equal(question, "Give the passwords of n8n anew?");
  });

  it("is refused where there is nothing to give, and where it would cost data", () => {
    assert.equal(refusal("redsi", "redis: { size: 1Gi }"), 'no service "redsi" in stack "test"; it has: redis');
    assert.equal(
      refusal("redis", "redis: { size: 1Gi, run: false }"),
      "redis doesn't run (run: false), so nobody can see whether it takes new passwords: start it first, and then " +
        "run npm run rotate -- redis. Nothing was changed.",
    );
    assert.equal(
      refusal("redis", "redis: { size: 1Gi, backend: pod }"),
      "redis has to start again to take new passwords, and its data (redis-data) is in its pod's own directory, " +
        "which goes with the pod: move it to a claim first (npm run move -- redis --to BACKEND). Nothing was changed.",
    );
  });

  it("goes on with one that was cut off, and says what is left of it", () => {
    const choice = choose("redis", "redis: { size: 1Gi, rotation: 2 }");
    const { notes, question } = texts("redis", choice, ["redis doesn't take the password of redis yet"], true);
    assert.deepEqual(notes, [
      "The last rotation isn't finished: redis doesn't take the password of redis yet. It goes on; no further " +
        "password is given.",
    ]);
    assert.equal(question, "Finish the rotation of redis?");
    assert.deepEqual(done(choice), [
      "redis: passwords number 2; the new password (redis) is taken and the one before is refused",
    ]);
  });

  it("gives the next one where the server has another password and no update would change that", () => {
    const choice = choose("redis", "redis: { size: 1Gi, rotation: 2 }");
    const { notes, question } = texts("redis", choice, ["redis doesn't take the password of redis yet"], false);
    assert.deepEqual(notes, [
      "As it is now, redis doesn't take the password of redis yet, and no update would change that: the next " +
        "passwords do.",
      "redis starts again, and so does each service of the stack that has one of these passwords. Programs outside " +
        "the stack need the new value from the Secret.",
    ]);
    assert.equal(question, "Give the passwords of redis anew?");
    const preview = (counts: string[]) => ["Previewing update (dev):", "Resources:", ...counts, ""].join("\n");
    assert.equal(hasChanges(preview(["    92 unchanged"])), false);
    assert.equal(hasChanges(preview(["    + 1 to create", "    1 change. 91 unchanged"])), true);
    assert.equal(hasChanges(preview(["    +-1 to replace", "    1 change. 91 unchanged"])), true);
    assert.equal(hasChanges(preview(["    ~ 2 to update", "    90 unchanged"])), true);
  });

  it("goes on where the last update ended before its clients had started again", () => {
    const preview = (line: string) => `Previewing:\n${line}\nResources:\n    ~ 1 to update\n    90 unchanged\n`;
    const [first, second] = [
      choose("redis", "redis: { size: 1Gi }"),
      choose("redis", "redis: { size: 1Gi, rotation: 2 }"),
    ];
    const client = preview(" ~  kubernetes:apps/v1:Deployment n8n update [diff: ~spec]");
    assert.equal(leftToDo(client, []), true);
    assert.equal(leftToDo(preview("    ~ kubernetes:apps/v1:StatefulSet: (update)"), []), true);
    assert.equal(leftToDo(preview(" +  kubernetes:batch/v1:Job job create"), []), true);
    // What isn't a pod or a job has no password, and before the first rotation nothing can be left of one.
    assert.equal(leftToDo(preview(" ~  kubernetes:core/v1:Service redis update"), []), false);
    assert.equal(leftToDo(preview(""), ["redis doesn't take it yet"]), true);
    assert.deepEqual(
      [mayBeUnfinished(first, []), mayBeUnfinished(second, []), mayBeUnfinished(first, ["redis doesn't take it yet"])],
      [false, true, true],
    );
    const { notes } = texts("redis", second, [], true);
    assert.equal(
      notes[0],
      "The last rotation isn't finished: an update has something left to change at pods or jobs. It goes on; no " +
        "further password is given.",
    );
  });

  it("tries nothing on a stand-in, and says so", () => {
    const choice = choose("qdrant", 'qdrant: { size: 1Gi, image: { ref: "stand-in:1", standIn: true } }');
    assert.deepEqual(done(choice), ["qdrant: passwords number 1; api-key can't be tried from here"]);
  });
});

describe("a password that is tried", () => {
  it("is refused where the answer says so, whatever the client's exit code, and unclear where nothing says it", () => {
    assert.equal(judge(true, "PONG", "WRONGPASS|NOAUTH"), "taken");
    assert.equal(judge(true, "NOAUTH Authentication required.", "WRONGPASS|NOAUTH"), "refused");
    assert.equal(
      judge(false, 'FATAL:  password authentication failed for user "n8n"', "authentication failed"),
      "refused",
    );
    assert.deepEqual(judge(false, "connection\n refused ", "authentication failed"), { unclear: "connection refused" });
    assert.deepEqual(judge(false, "", "x"), { unclear: "it said nothing" });
  });

  it("comes from the state, whose secrets the CLI shows to this process alone", () => {
    const type = "random:index/randomPassword:RandomPassword";
    const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const resources = [
      {
        urn: `urn:pulumi:dev::p::${type}::redis-password`,
        type,
        outputs: { result: { ...signature, plaintext: '"a"' } },
      },
      { urn: `urn:pulumi:dev::p::${type}::redis-password-2`, type, outputs: { result: "b" } },
      { urn: `urn:pulumi:dev::p::${type}::half-made`, type },
      { urn: "urn:pulumi:dev::p::other::x", type: "other", outputs: { result: "c" } },
    ];
    assert.deepEqual(
      [...valuesIn({ deployment: { resources } })],
      [
        ["redis-password", "a"],
        ["redis-password-2", "b"],
      ],
    );
  });
});
