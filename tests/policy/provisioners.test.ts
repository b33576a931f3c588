import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessMode } from "../../policy/rules/access-mode";
import { noHostPath } from "../../policy/rules/no-host-path";
import { podSecurity } from "../../policy/rules/pod-security";
import { installers } from "../../policy/installers";
import { accessModes } from "../../policy/provisioners";
import { provisionersFile, provisionersText } from "./provisioners-text";

describe("the policies' table of provisioners", () => {
  it("says what the backends say; npm run golden rewrites it", () =>
    assert.equal(readFileSync(provisionersFile, "utf8"), provisionersText()));

  it("is what the rules go by unless told", () => {
    const defaults = [
      accessMode.configSchema!.properties!.provisioners!.default,
      noHostPath.configSchema!.properties!.components!.default,
      podSecurity.configSchema!.properties!.components!.default,
      noHostPath.configSchema!.properties!.namespaces!.default,
      podSecurity.configSchema!.properties!.privileged!.default,
    ];
    assert.deepEqual(defaults, [accessModes, installers, installers, [], []]);
  });
});
