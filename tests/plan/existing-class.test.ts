import assert from "node:assert/strict";
import type { ClassFacts } from "../../model/facts";
import { settle } from "../../plan/cluster";
import { classFacts } from "../facts";
import { plan } from "./plan-fixture";

describe("plan", () => {
  describe("an existing class", () => {
    const existing = (isDefault: boolean) =>
      plan(
        "    redis: { size: 1Gi, class: standard }",
        "  cluster-storage:backends: { there: { type: existing, class: standard, accessModes: " +
          `[ReadWriteOnce], default: ${isDefault} ` +
          `}${isDefault ? "" : ", local-path: { type: local-path, path: /opt/volumes, default: true }"} }\n`,
      );
    const table: [string, boolean, ClassFacts[], string[]][] = [
      ["is there", true, [classFacts("standard", { isDefault: true })], []],
      [
        "is not there",
        true,
        [classFacts("standrd", { isDefault: true })],
        ['backends.there.class: the cluster has no StorageClass "standard"; did you mean "standrd"?'],
      ],
      [
        "is no default",
        true,
        [classFacts("standard", { isDefault: false })],
        [
          'backends.there.default: is true, but class "standard" is not the cluster\'s default and is left as ' +
            "it is; set default: false, or change the class's flag with defaultFlag: patch",
        ],
      ],
      [
        "is a second default",
        false,
        [classFacts("standard", { isDefault: true })],
        [
          'backends.there.default: is false, but class "standard" is the cluster\'s default and is left as it ' +
            "is; set default: true, or change the class's flag with defaultFlag: patch",
        ],
      ],
    ];
    for (const [what, isDefault, classes, faults] of table) {
      it(`that ${what}`, () =>
        assert.deepEqual(
          settle(existing(isDefault), { classes, claims: [] }).faults.map(({ path, message }) => `${path}: ${message}`),
          faults,
        ));
    }
  });
});
