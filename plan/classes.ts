import { pathText } from "../model/config-path";
import type { Backend, ClaimDecision, ClaimRequest } from "../model/backend";
import type { BackendConfig } from "../model/config";
import type { AccessMode, Capabilities } from "../model/storage";
import type { Fault } from "../model/plan";

/** A class of the stack, with the backend that it comes from. */
export interface KnownClass {
  name: string;
  isDefault: boolean;
  backend: string;
  /** The backend's type. */
  type: string;
  /** Its volumes are deleted with the pod. Such a class has no claims and no name. */
  ephemeral: boolean;
  accessModes: AccessMode[];
  accessModeReason: string;
  capabilities: Capabilities;
  /** Present where somebody else makes it. */
  use?: object;
  /** What its backend says of a claim on it. */
  decide(request: ClaimRequest): ClaimDecision;
}

/** Every class that the stack's backends have, in the config's order. */
export function listClasses(backends: Map<string, BackendConfig>, types: ReadonlyMap<string, Backend>): KnownClass[] {
  return [...backends].flatMap(([backend, { type, settings }]): KnownClass[] => {
    const kind = types.get(type);
    if (!kind) return [];
    const { accessModeReason } = kind;
    const shared = {
      backend,
      type,
      ephemeral: false,
      accessModes: kind.accessModes(settings),
      accessModeReason,
      capabilities: kind.capabilities(settings),
    };
    const decide = (request: ClaimRequest) => kind.claim?.(request, settings) ?? {};
    return kind.classes(backend, settings).map((known) => ({ ...shared, ...known, decide }));
  });
}

/**
 * Refuses two classes of one name, and more or less than one default class: with two defaults, chance decides which one
 * a claim without a class gets.
 */
export function checkClasses(classes: KnownClass[]): Fault[] {
  const faults: Fault[] = [];
  classes.forEach((known, i) => {
    const first = known.name === "" ? i : classes.findIndex(({ name }) => name === known.name);
    if (first < i) {
      faults.push({
        path: pathText(["backends", known.backend, "class"]),
        message: `"${known.name}" is the class of backend "${classes[first]?.backend}" already; choose another name`,
      });
    }
  });
  const defaults = classes.filter(({ isDefault }) => isDefault);
  if (defaults.length > 1) {
    const names = defaults.map(({ backend }) => backend).join(" and ");
    faults.push({ path: "backends", message: `${names} are both the default; set default: true at exactly one` });
  }
  // A stack without any class can't have a default one.
  if (defaults.length === 0 && classes.some(({ name }) => name !== "")) {
    faults.push({ path: "backends", message: "no backend is the default; set default: true at exactly one" });
  }
  return faults;
}
