import { suggest } from "../model/nearest";
import type { KnownClass } from "./classes";
import { volumePath, type VolumePlace } from "../model/config-path";
import type { Fault } from "../model/plan";

/** The part of the config that says where a volume goes. */
export interface PlacementConfig {
  backend?: string;
  class?: string;
  accessMode: string;
  /** The node that it is made on. */
  node?: string;
}

/** Where a volume goes: its class as the claim states it, and what is known of the class that it will get. */
export type Placement = { className?: string; known?: KnownClass } | { fault: Fault };

/**
 * The class of a volume: the one that `class` names ("" for volumes made by hand), else that of `backend`, else the
 * cluster's default class.
 */
export function place(
  { class: name, backend, accessMode }: PlacementConfig,
  at: VolumePlace,
  classes: KnownClass[],
): Placement {
  if (name !== undefined && backend !== undefined)
    return {
      fault: {
        path: volumePath(at, "class"),
        about: "placement",
        message: `class and backend "${backend}" are both set, and the backend has its own class; keep one of the two`,
      },
    };
  if (name === "") return { className: "" };
  if (name === undefined && backend === undefined) return { known: classes.find(({ isDefault }) => isDefault) };
  const named = classes.filter((known) => (name === undefined ? known.backend === backend : known.name === name));
  // A backend may have one class for a single pod and another for several pods.
  const known = named.find(({ accessModes }) => accessModes.some((mode) => mode === accessMode)) ?? named[0];
  if (known) return { className: known.name, known };
  const [key, value, names] =
    name === undefined
      ? ["backend", backend ?? "", classes.map(({ backend }) => backend)]
      : ["class", name, classes.map(({ name }) => name)];
  return {
    fault: {
      path: volumePath(at, key),
      about: "placement",
      message: `no backend of this stack ${key === "class" ? "has the class" : "is called"} "${value}"; ${suggest(
        value,
        names.filter((name) => name !== ""),
      )}`,
    },
  };
}

export function checkAccessMode(
  { accessMode }: PlacementConfig,
  at: VolumePlace,
  known: KnownClass | undefined,
): Fault[] {
  if (!known || known.ephemeral || known.accessModes.some((mode) => mode === accessMode)) return [];
  const can = known.accessModes.join(" and ");
  return [
    {
      path: volumePath(at, "accessMode"),
      message:
        `${accessMode} is not possible on backend "${known.backend}", because ${known.accessModeReason}; ` +
        `it can do ${can}`,
    },
  ];
}
