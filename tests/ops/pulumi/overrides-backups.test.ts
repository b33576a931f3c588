import assert from "node:assert/strict";
import { parse } from "yaml";
import { overrideConfig } from "../../../ops/pulumi/overrides";

describe("a stack's backups", () => {
  it("are left out for a stack that can't open their repository, with all that relies on them", () => {
    const file = `config:
  cluster-storage:services:
    redis: { size: 1Gi, backup: { schedule: hourly } }
    searxng: { size: 1Gi, backup: none, because: in git }
  cluster-storage:backups:
    repository: { rest: { url: https://a }, password: { secure: v1:abc } }
encryptionsalt: v1:salt
`;
    const restic = { "cluster-storage:backups": { image: "restic:1" } };
    assert.equal(
      overrideConfig(file, restic, "v1:other"),
      `config:
  cluster-storage:services:
    redis: { size: 1Gi }
    searxng: { size: 1Gi }
encryptionsalt: v1:other
`,
    );
    assert.equal(
      overrideConfig(file, restic, "v1:salt"),
      file.replace("encryptionsalt", "    image: restic:1\nencryptionsalt"),
    );
  });

  it("are kept where an earlier result has the secrets encrypted for it, also those that the file never had", () => {
    const file = (secrets: string) => `config:
  cluster-storage:services:
    redis: { size: 1Gi, backup: { schedule: hourly } }
  cluster-storage:backups:
    repository: { rest: { url: https://a }${secrets} }
`;
    const own =
      "config: { cluster-storage:backups: { repository: { password: { secure: v1:own } } } }\nencryptionsalt: v1:s\n";
    const expected = `${file(", password: { secure: v1:own }")}encryptionsalt: v1:s\n`;
    const committed = `${file(", password: { secure: v1:abc }")}encryptionsalt: v1:another\n`;
    assert.deepEqual(parse(overrideConfig(committed, {}, "v1:s", own)), parse(expected));
    assert.deepEqual(parse(overrideConfig(file(""), {}, "v1:s", own)), parse(expected));
    assert.doesNotMatch(overrideConfig(committed, {}, "v1:s", own.replace("v1:s\n", "v1:t\n")), /backups/);
  });

  it("keep a password that the file itself has for the same stack, and bring no earlier one back", () => {
    const file = (password: string) =>
      `config:\n  cluster-storage:backups: { repository: { password: { secure: v1:${password} } } }\n` +
      "encryptionsalt: v1:s\n";
    const own = file("old").replace("password:", "formerPassword: { secure: v1:older }, password:");
    assert.deepEqual(parse(overrideConfig(file("new"), {}, "v1:s", own)), parse(file("new")));
  });
});
