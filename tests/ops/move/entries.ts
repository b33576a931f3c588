import type { ClaimEntry } from "../../../ops/move/claim-entry";
import type { Place } from "../../../ops/move/places";

/** Places of a stack, and Redis' entry in several states. */

const place = (backend: string, more: Partial<Place> = {}): Place => ({
  backend,
  class: backend,
  isDefault: false,
  ephemeral: false,
  expand: false,
  followsNode: true,
  ...more,
});
export const places = [
  place("local-path", { isDefault: true }),
  place("fast", { class: "fast-ssd" }),
  place("longhorn", { expand: true, followsNode: false }),
  place("scratch", { class: "", ephemeral: true }),
];

export const first: ClaimEntry = { generation: 1, size: "1Gi", class: "local-path", kept: [] };
export const grows: ClaimEntry = { generation: 1, size: "1Gi", backend: "longhorn", kept: [] };
export const moved: ClaimEntry = {
  generation: 2,
  size: "1Gi",
  backend: "fast",
  kept: [{ generation: 1, size: "1Gi", class: "local-path" }],
};
export const returned: ClaimEntry = {
  generation: 1,
  size: "1Gi",
  from: 2,
  kept: [{ generation: 2, size: "1Gi", backend: "fast" }],
};
export const fromScratch: ClaimEntry = {
  generation: 2,
  size: "1Gi",
  backend: "fast",
  kept: [{ generation: 1, size: "1Gi", backend: "scratch" }],
};
export const onScratch: ClaimEntry = { generation: 1, size: "1Gi", backend: "scratch", kept: [] };
