import type { ClaimEntry } from "../../../ops/move/claim-entry";

/** Volumes of a claim, and its entry in several states. */

export const one = { generation: 1, size: "1Gi", class: "local-path" };
export const two = { generation: 2, size: "2Gi", backend: "fast" };
export const three = { generation: 3, size: "3Gi" };

export const first: ClaimEntry = { ...one, kept: [] };
export const moved: ClaimEntry = { ...two, kept: [one] };
export const returned: ClaimEntry = { ...one, from: 2, kept: [two] };
export const asItWas: ClaimEntry = { ...one, kept: [two] };
export const twice: ClaimEntry = { ...three, kept: [one, two] };
export const fromFirst: ClaimEntry = { ...three, from: 1, kept: [one, two] };
