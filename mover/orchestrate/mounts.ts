import type { Move } from "../../model/mover";
import type { Mount, PodSpec, PodTemplate, Volume } from "./objects";

type Mounted = Pick<Move, "volume" | "mounts">;

/** The move's volume in a pod: by its name, else by where it is mounted. Undefined where the pod has none. */
export function ownVolume(
  { volumes = [], containers = [] }: Partial<Pick<PodSpec, "volumes" | "containers">>,
  move: Mounted,
): Volume | undefined {
  const named = volumes.find(({ name }) => name === move.volume);
  if (named) return named;
  const [mounted] = mountsAt(containers, move);
  return volumes.find(({ name }) => name === mounted?.mount.name);
}

/** What a pod mounts where the volume's directories are expected. */
function mountsAt(containers: PodSpec["containers"], { mounts = [] }: Mounted): { container: string; mount: Mount }[] {
  const all = containers.flatMap(({ name, volumeMounts = [] }) =>
    volumeMounts.map((mount) => ({ container: name, mount })),
  );
  return mounts.flatMap(({ path }) => all.find(({ mount }) => mount.mountPath === path) ?? []);
}

/** The container that the data leaves. In a pod that was made by hand, it is the one that mounts the data. */
export function containerOf({ spec }: { spec: PodSpec }, move: Mounted, expected: string): string {
  const named = spec.containers.some(({ name }) => name === expected);
  return named ? expected : (mountsAt(spec.containers, move)[0]?.container ?? expected);
}

/**
 * Whether the stack made the pod. A pod that was made by hand may look for its data elsewhere on the volume. The
 * namespace, which is the stack's by now, may admit no further pod like it.
 */
export const isOurs = ({ metadata }: Pick<PodTemplate, "metadata">) =>
  metadata?.labels?.["app.kubernetes.io/managed-by"] === "pulumi";
