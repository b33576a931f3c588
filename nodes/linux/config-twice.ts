import type { z } from "zod";
import { pathText } from "../../model/config-path";

interface Named {
  packages: readonly string[];
  selinux: readonly string[];
  volumeGroups: Readonly<Record<string, readonly string[]>>;
  mounts: Readonly<Record<string, { device: string }>>;
}

/** Refuses a device, a package or a label that a node's entry has in two places. Each would be done twice. */
export function addTwice(entry: Named, context: z.core.$RefinementCtx): void {
  const devices = [
    ...Object.entries(entry.volumeGroups).flatMap(([group, list]) =>
      list.map((device, at) => ({ path: ["volumeGroups", group, at], value: device })),
    ),
    ...Object.entries(entry.mounts).map(([point, { device }]) => ({
      path: ["mounts", point, "device"],
      value: device,
    })),
  ];
  const items = (key: "packages" | "selinux") => entry[key].map((value, at) => ({ path: [key, at], value }));
  for (const list of [devices, items("packages"), items("selinux")])
    for (const [at, { path, value }] of list.entries()) {
      const first = list.find((other) => other.value === value)!;
      if (list.indexOf(first) === at) continue;
      const message = `"${value}" is in ${pathText(first.path)} already; leave one of the two out`;
      context.addIssue({ code: "custom", path: path as PropertyKey[], message });
    }
}
