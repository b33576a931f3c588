import type { MountFacts } from "../../model/node-facts";

const isBelow = (path: string, parent: string) =>
  path === parent || path.startsWith(parent === "/" ? "/" : `${parent}/`);

/** The innermost mount that a path lies on. If two mounts have the same point, the later one hides the earlier. */
export function mountOf(path: string, mounts: MountFacts[]): MountFacts | undefined {
  return mounts
    .filter(({ point }) => isBelow(path, point))
    .reduce<MountFacts | undefined>(
      (best, mount) => (best && best.point.length > mount.point.length ? best : mount),
      undefined,
    );
}
