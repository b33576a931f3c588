import assert from "node:assert/strict";
import { assertAllGiven, missingSecrets } from "../../../ops/start/given-secrets";

const file = (salt: string) => `config:
  cluster-storage:services: { redis: { size: 1Gi, env: { TOKEN: { secure: v1:abc } } } }
  cluster-storage:backups:
    repository: { rest: { url: https://a, user: u, password: { secure: v1:abc } }, password: { secure: v1:def } }
encryptionsalt: ${salt}
`;
const committed = file("v1:theirs");
const [password, login] = [
  { CLUSTER_STORAGE_BACKUPS_REPOSITORY_PASSWORD: "a" },
  { CLUSTER_STORAGE_BACKUPS_REPOSITORY_REST_PASSWORD: "b" },
];
const places = ["backups.repository.rest.password", "backups.repository.password"];

describe("the secrets that open the backups' repository, for the stack of npm start", () => {
  it("are missing as far as neither the environment nor its own config has them", () => {
    const own =
      "config: { cluster-storage:backups: { repository: { password: { secure: v1:own } } } }\nencryptionsalt: v1:own\n";
    assert.deepEqual(missingSecrets(committed, "", {}), places);
    assert.deepEqual(missingSecrets(committed, "", password), places.slice(0, 1));
    assert.deepEqual(missingSecrets(committed, own, {}), places.slice(0, 1));
    assert.deepEqual(missingSecrets(committed, own, login), []);
    assert.deepEqual(missingSecrets(committed, file("v1:theirs"), {}), []);
    assert.deepEqual(missingSecrets("config: {}\n", "", {}), []);
  });

  it("are all asked for once one is given, else every service would begin empty without a word", () => {
    assertAllGiven(committed, "", {});
    assertAllGiven(committed, "", { ...password, ...login });
    assert.throws(() => assertAllGiven(committed, "", password), {
      message:
        "the stack file's backups have more secrets than were given: set " +
        "CLUSTER_STORAGE_BACKUPS_REPOSITORY_REST_PASSWORD too, or take out of the file what isn't needed there. " +
        "Nothing was deployed",
    });
  });
});
