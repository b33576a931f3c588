import { known } from "../../known";
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../config/read";

describe("adopting", () => {
  afterEach(() => {
    delete process.env.CLUSTER_STORAGE_ADOPTING;
  });

  const adopting = async (preview: boolean, variable?: string) => {
    if (variable !== undefined) process.env.CLUSTER_STORAGE_ADOPTING = variable;
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: ({ inputs }) => inputs,
    };
    await pulumi.runtime.setMocks(mocks, "cluster-storage", "test", preview);
    return readConfig(known).adopting;
  };

  it("is what npm run adopt asks a preview for", async () => assert.equal(await adopting(true, "true"), true));
  it("is nothing that a preview does by itself", async () => assert.equal(await adopting(true), false));
  it("lets no update go past the guards, wherever the variable was left", async () =>
    assert.equal(await adopting(false, "true"), false));
});
