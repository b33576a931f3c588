import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "./processes";

/** The machine's control groups: one tree for all controllers (v2), or one tree for each (v1). */
export interface Hierarchies {
  version: 1 | 2;
  roots: string[];
  /** `roots`, and on a hybrid machine also v2's tree without controllers, because runc makes groups there too. */
  all: string[];
}

/** Reads the trees from the mount table. On a hybrid machine, v1's trees have the controllers. */
export function hierarchies(mountinfo = readFileSync("/proc/self/mountinfo", "utf8")): Hierarchies {
  const mounts = mountinfo
    .trim()
    .split("\n")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      return { point: before.split(" ")[4]!, type: after.split(" ")[0]! };
    });
  const v1 = [...new Set(mounts.filter(({ type }) => type === "cgroup").map(({ point }) => point))];
  const v2 = mounts.filter(({ type }) => type === "cgroup2").map(({ point }) => point);
  return v1.length > 0
    ? { version: 1, roots: v1, all: [...v1, ...v2] }
    : { version: 2, roots: v2.slice(0, 1), all: v2.slice(0, 1) };
}

/** The leaf that the components run in; the pods' groups are beside it, because v2 allows processes in leaves only. */
const COMPONENTS = "components";

/** Makes the instance's groups in every tree. Groups that exist already stay. */
export function createCgroups(cgroup: string): void {
  const { version, roots } = hierarchies();
  for (const root of roots) {
    if (version === 2) enableControllers(root);
    mkdirSync(join(root, cgroup, COMPONENTS), { recursive: true });
    if (version === 2) enableControllers(join(root, cgroup));
    else for (const group of [cgroup, join(cgroup, COMPONENTS)]) inheritCpuset(root, group);
  }
}

/** The files to which a component writes its process number, so that it is in the instance's groups. */
export function componentCgroups(cgroup: string): string[] {
  return hierarchies()
    .roots.map((root) => join(root, cgroup, COMPONENTS, "cgroup.procs"))
    .filter((file) => existsSync(file));
}

/** Moves processes into the instance's groups. A login session's groups may be ended together with the session. */
export function joinCgroups(cgroup: string, pids: number[]): void {
  for (const file of componentCgroups(cgroup)) for (const pid of pids) writeFileSync(file, String(pid));
}

/** Whether any group of the instance exists. */
export function hasCgroups(cgroup: string): boolean {
  return hierarchies().all.some((root) => existsSync(join(root, cgroup)));
}

/** Removes the instance's groups, deepest first. They are busy for a moment after their last process was killed. */
export async function removeCgroups(cgroup: string): Promise<void> {
  const { all } = hierarchies();
  const left = () => all.map((root) => join(root, cgroup)).filter((group) => !removeTree(group));
  if (!(await waitFor(10, () => left().length === 0))) {
    throw new Error(`these control groups still have processes in them: ${left().join(", ")}`);
  }
}

function removeTree(group: string): boolean {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/**
 * v2: lets the children of `group` use all controllers that it has. This follows the kernel's documentation. It was
 * never run on this project's own machines, which have v1 only.
 */
function enableControllers(group: string): void {
  const available = readFileSync(join(group, "cgroup.controllers"), "utf8").trim().split(" ").filter(Boolean);
  for (const controller of available) {
    try {
      writeFileSync(join(group, "cgroup.subtree_control"), `+${controller}`);
    } catch {
      // Some, such as realtime CPU, can't be handed down. If the kubelet lacks one that it needs, it says so.
    }
  }
}

/** v1: a new cpuset has no CPUs and takes no process until it gets some. */
function inheritCpuset(root: string, group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = join(root, group, file);
    if (!existsSync(own) || readFileSync(own, "utf8").trim() !== "") continue;
    writeFileSync(own, readFileSync(join(root, group, "..", file), "utf8").trim());
  }
}
