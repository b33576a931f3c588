import assert from "node:assert/strict";
import { redact } from "../../../ops/ci/redact";

describe("what is printed and posted", () => {
  it("has no value of a secret variable in it, nor of a kubeconfig's credentials", () => {
    const env = {
      PULUMI_ACCESS_TOKEN: "pul-0123456789",
      PULUMI_CONFIG_PASSPHRASE: "correct horse",
      CI_KUBECONFIG:
        'users:\n- user:\n    token: "eyJhbGciOi"\n    client-key-data: LS0tLS1CRUdJTg==\n    username: bot\n',
      AWS_SECRET_ACCESS_KEY: "abcdefghijkl",
    };
    const text = "pul-0123456789, correct horse, eyJhbGciOi, LS0tLS1CRUdJTg==, abcdefghijkl and bot";
    assert.equal(redact(text, env), "[secret], [secret], [secret], [secret], [secret] and bot");
  });

  it("finds a kubeconfig's credentials however it is written", () => {
    for (const text of [
      '{"users":[{"user":{"token":"eyJhbGciOi"}}]}',
      "users: [{ name: bot, user: { token: eyJhbGciOi } }]",
      "users:\n- user:\n    token: >-\n      eyJhbGciOi\n",
    ]) {
      assert.equal(redact("token eyJhbGciOi of bot", { CI_KUBECONFIG: text }), "token [secret] of bot", text);
    }
    assert.equal(redact("as it is", { CI_KUBECONFIG: "users: [" }), "as it is");
  });

  it("leaves the names of contexts and users, which everybody writes", () => {
    const kubeconfig =
      "current-context: home-lab\ncontexts:\n- name: home-lab\n  context: { cluster: home-lab, user: home-lab }\n" +
      "users:\n- name: home-lab\n  user: { token: eyJhbGciOi }\n";
    assert.equal(redact("home-lab eyJhbGciOi", { CI_KUBECONFIG: kubeconfig }), "home-lab [secret]");
  });

  it("knows a secret that begins as a path does, a cloud's key, and the password in a backend's address", () => {
    const env = {
      PULUMI_CONFIG_PASSPHRASE: "/correct/horse",
      AZURE_STORAGE_KEY: "/azureKey==",
      PULUMI_BACKEND_URL: "postgres://pulumi:swordfish%21@db/state",
    };
    assert.equal(
      redact("/correct/horse /azureKey== postgres://pulumi:swordfish%21@db/state swordfish!", env),
      "[secret] [secret] postgres://pulumi:[secret]@db/state [secret]",
    );
    const paths = { GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json", PULUMI_BACKEND_URL: "file:///home/me/state" };
    assert.equal(redact("/home/me/key.json file:///home/me/state", paths), "/home/me/key.json file:///home/me/state");
  });

  it("keeps the longer of two of which one is part of the other from showing its rest", () => {
    assert.equal(redact("passphrase-and-more", { A_TOKEN: "passphrase", B_TOKEN: "passphrase-and-more" }), "[secret]");
  });

  it("keeps ordinary words that are a variable's value, and paths", () => {
    const env = {
      SOME_TOKEN: "true",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/me/passphrase",
      KUBECONFIG: "/home/me/kubeconfig",
      HOME: "/home/user/me",
    };
    const text = "true /home/me/passphrase /home/me/kubeconfig /home/user/me";
    assert.equal(redact(text, env), text);
  });
});
