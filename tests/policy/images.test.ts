import assert from "node:assert/strict";
import { pinnedImage } from "../../policy/rules/pinned-image";
import { judge } from "./judge";
import { deployment } from "./samples";

describe("pinned-image", () => {
  const using = (image: string, settings = {}) =>
    judge(pinnedImage, [deployment((pod) => (pod.containers[0].image = image))], { settings });
  const refused = (image: string, why: string) => [
    `Deployment notes/notes: image "${image}" of container notes ${why}`,
  ];
  const digest = `notes@sha256:${"0".repeat(64)}`;

  it("refuses latest, and what means it", async () => {
    assert.deepEqual(
      await using("notes:latest"),
      refused("notes:latest", "has the tag latest, which changes by itself; name a version"),
    );
    for (const image of ["notes", "host:5000/notes"])
      assert.deepEqual(await using(image), refused(image, "has no tag, which means latest; name a version"));
  });

  it("refuses a tag that goes on to other images", async () => {
    assert.deepEqual(
      await using("notes:stable"),
      refused("notes:stable", "has the tag stable, which changes by itself; name a version"),
    );
  });

  it("refuses such a tag with a variant's name behind it, though that has a number", async () => {
    for (const tag of [
      "latest-amd64",
      "stable-alpine3.20",
      "nightly-x86_64",
      "LTS-bookworm-12",
      "7-latest",
      "3.20-edge",
    ]) {
      assert.deepEqual(
        await using(`notes:${tag}`),
        refused(`notes:${tag}`, `has the tag ${tag}, which changes by itself; name a version`),
      );
    }
  });

  it("takes one build of such a line", async () => {
    for (const tag of ["main-3f2a1b9", "nightly-20260101", "develop-2.1.0-3f2a1b9c", "latestish-2.1"])
      assert.deepEqual(await using(`notes:${tag}`), []);
  });

  it("looks at images that are mounted", async () => {
    const broken = deployment((pod) => pod.volumes.push({ name: "model", image: { reference: "model:latest" } }));
    assert.deepEqual(await judge(pinnedImage, [broken]), [
      'Deployment notes/notes: image "model:latest" of volume model has the tag latest, which changes by ' +
        "itself; name a version",
    ]);
  });

  it("takes a version and a digest", async () => {
    for (const image of ["notes:2.1.0", "host:5000/notes:2.1.0-alpine", digest, `notes:latest@${digest.slice(6)}`])
      assert.deepEqual(await using(image), []);
  });

  it("takes nothing but a digest where that is asked for", async () => {
    assert.deepEqual(
      await using("notes:2.1.0", { digest: true }),
      refused("notes:2.1.0", "has no digest; pin it with @sha256:…"),
    );
    assert.deepEqual(await using(digest, { digest: true }), []);
  });

  it("looks at what runs before the others", async () => {
    const broken = deployment((pod) => (pod.initContainers = [{ name: "wait", image: "busybox" }]));
    assert.deepEqual(await judge(pinnedImage, [broken]), [
      'Deployment notes/notes: image "busybox" of container wait has no tag, which means latest; name a version',
    ]);
  });
});
