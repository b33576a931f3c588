import assert from "node:assert/strict";
import { pageSizeOf } from "../../preflight/checks/page-size";
import { volumeFacts } from "../facts";
import { node, nothingSeen, stack, table, warning } from "./cluster";
import { claim } from "./general-fixtures";

const both = (more: object = {}) => stack(undefined, { redis: { size: "2Gi" }, qdrant: { size: "2Gi", ...more } });
const pi = node("pi", { kernelVersion: "6.6.31+rpt-rpi-2712" });
const grace = node("grace", { kernelVersion: "5.14.0-427.el9.aarch64+64k" });
const seen = (pageSize: number) => node("a", { probe: { ...nothingSeen, pageSize } });
const said = (nodes: string) =>
  `the image of qdrant bears memory pages of at most 4 KiB, and its pod can go to ${nodes}, where it would end at ` +
  'once with "Unsupported system page size"';
const image = "name an image that was built for larger ones in cluster-storage:services.qdrant.image";
const ofPi = warning(
  said("pi (16 KiB)"),
  "a Raspberry Pi has pages of 4 KiB with the line kernel=kernel8.img in /boot/firmware/config.txt and a restart; or " +
    image,
);
const other = `start these nodes with a kernel of smaller pages, or ${image}`;

describe("preflight of memory pages", () => {
  table("page-size", [
    { title: "pages of 4 KiB", stack: both(), says: [] },
    { title: "a Raspberry Pi 5", stack: both(), facts: { nodes: [node("a"), pi] }, says: [ofPi] },
    { title: "64 KiB", stack: both(), facts: { nodes: [grace] }, says: [warning(said("grace (64 KiB)"), other)] },
    {
      title: "as a probe pod saw them",
      stack: both(),
      facts: { nodes: [seen(16_384)] },
      says: [warning(said("a (16 KiB)"), other)],
    },
    {
      title: "an image from elsewhere",
      stack: both({ image: "example.com/qdrant:1.19.0" }),
      facts: { nodes: [pi] },
      says: [],
    },
    {
      title: "another version of the catalogue's image",
      stack: both({ image: "qdrant/qdrant:v1.18.0-unprivileged" }),
      facts: { nodes: [pi] },
      says: [ofPi],
    },
    { title: "a service that doesn't run", stack: both({ run: false }), facts: { nodes: [pi] }, says: [] },
    { title: "a node that takes no pods", stack: both(), facts: { nodes: [{ ...pi, unschedulable: true }] }, says: [] },
    {
      title: "data that another node has",
      stack: both({ namespace: "cache" }),
      facts: {
        nodes: [node("a"), pi],
        claims: [
          { ...claim("qdrant-data-qdrant-0"), volume: "pvc-1" },
          { ...claim("qdrant-data"), volume: "pvc-1" },
        ],
        volumes: [volumeFacts({ tiedTo: ["a"] })],
      },
      says: [],
    },
    { title: "no right to list nodes", stack: both(), facts: { nodes: undefined }, says: [] },
  ]);

  it("are told by the kernel's name", () => {
    const sizes = [
      "6.12.47+rpt-rpi-2712",
      "6.12.47+rpt-rpi-v8",
      "6.8.0-1004-raspi",
      "6.8.0-31-generic-64k",
      "6.14.2-401.asahi.fc42.aarch64+16k",
      "6.12.48-talos",
    ].map((kernelVersion) => pageSizeOf({ kernelVersion }) / 1024);
    assert.deepEqual(sizes, [16, 4, 4, 64, 16, 4]);
  });
});
