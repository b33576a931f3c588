import assert from "node:assert/strict";
import { previewLines } from "../../../ops/move/preview";

const changes = [
  "Previewing update (dev):",
  "    pulumi:pulumi:Stack cluster-storage-dev  warning: using pulumi-resource-kubernetes from $PATH at /somewhere",
  "",
  "@ previewing update.......",
  "    pulumi:pulumi:Stack cluster-storage-dev running ",
  " +  kubernetes:core/v1:PersistentVolumeClaim redis-data-2 create ",
  "    pulumi:pulumi:Stack cluster-storage-dev  2 warnings",
  "Diagnostics:",
  "  pulumi:pulumi:Stack (cluster-storage-dev):",
  "    warning: using pulumi-resource-kubernetes from $PATH at /somewhere",
];
const counts = ["", "Resources:", "    + 1 to create", "    1 change. 132 unchanged", ""];

describe("what is shown of a preview", () => {
  it("is what changes, and the counts", () => {
    assert.deepEqual(previewLines([...changes, ...counts].join("\n")).split("\n"), [
      "Previewing update (dev):",
      " +  kubernetes:core/v1:PersistentVolumeClaim redis-data-2 create ",
      "Resources:",
      "    + 1 to create",
      "    1 change. 132 unchanged",
    ]);
  });
  it("is the program's own warnings too", () => {
    assert.deepEqual(
      previewLines([...changes, "    warning: services.redis: the volume is small", ...counts].join("\n"))
        .split("\n")
        .slice(2, 5),
      [
        "Diagnostics:",
        "  pulumi:pulumi:Stack (cluster-storage-dev):",
        "    warning: services.redis: the volume is small",
      ],
    );
  });
});
