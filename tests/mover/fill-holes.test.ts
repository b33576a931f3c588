import assert from "node:assert/strict";
import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stream } from "../../model/export-recipe";
import { tar } from "../../services/shared/export-recipes";
import { exportRecipe, move, sh, useFills } from "./fills";

const size = 64 * 1024 ** 2;
const { exec: zeros } = sh("tar -cf - .");
const { exec: blocks } = sh("find . -type f -size +63k -exec stat -c '%b %s %n' {} +");

describe("files with holes that leave a pod", () => {
  const scene = useFills();
  const [source, copy] = [() => join(scene.root, "emptyDir"), () => scene.target];
  const used = (directory: string, name: string) => statSync(join(directory, name)).blocks * 512;

  beforeEach(() => {
    writeFileSync(join(source(), "sub/sparse"), Buffer.alloc(4096, 1));
    truncateSync(join(source(), "sub/sparse"), size);
    writeFileSync(join(source(), "sub/zeros"), Buffer.alloc(256 * 1024));
  });

  for (const [what, stream] of [
    ["GNU tar, which leaves holes out", { exec: tar("."), blocks }],
    ["a tar that sends them as zeros", { exec: zeros, blocks }],
  ] satisfies [string, Stream][])
    it(`have them on the claim too, with ${what}`, async () => {
      assert.ok(used(source(), "sub/sparse") < 1024 ** 2, "this file system keeps no holes");
      const before = statSync(join(source(), "sub"));
      await scene.fill({ ...move, exportRecipe: { ...exportRecipe, streams: [stream] } });
      assert.equal(statSync(join(copy(), "sub/sparse")).size, size);
      assert.ok(used(copy(), "sub/sparse") < 1024 ** 2, `${used(copy(), "sub/sparse")} bytes are in use`);
      // This form of a tar has whole seconds.
      assert.equal(statSync(join(copy(), "sub")).mtimeMs, Math.floor(before.mtimeMs / 1000) * 1000);
      // What the source keeps room for keeps it: a log that was made in advance must not run out of disk later.
      assert.equal(used(copy(), "sub/zeros"), used(source(), "sub/zeros"));
    });
});
