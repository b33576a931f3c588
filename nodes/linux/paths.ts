import { text } from "../../config/fields";
import { nodePath, pathForm } from "../../config/forms";

/** Directories that the node's system needs as they are, with all that is in them. */
const systems = ["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "sys", "usr"];
/** Directories that the node empties by itself. */
const emptied = ["run", "tmp", "var/run", "var/tmp"];
/** Directories that have others' files in them; a new one in them is nobody's. */
const shared = ["home", "root", "var", "var/cache", "var/lib", "var/log", "var/spool"];
const kept = ["containerd", "docker", "etcd", "kubelet", "rancher"].map((name) => `var/lib/${name}`);

const isIn = (path: string, places: readonly string[]) => places.some((place) => `${path}/`.startsWith(`/${place}/`));

/** What is wrong with a directory that a line makes, mounts at or labels; undefined where nothing is. */
export function pathFault(path: string): string | undefined {
  const { error } = nodePath.safeParse(path);
  if (error) return error.issues[0]!.message;
  const instead = "name one of your own, for instance /srv/local-path";
  if (isIn(path, emptied)) return `"${path}" is emptied by the node itself; ${instead}`;
  const local = path.startsWith("/usr/local/"); // the administrator's part of /usr
  if ((isIn(path, systems) && !local) || [...shared, ...kept].includes(path.slice(1)))
    return `"${path}" is a directory of the node's system; ${instead}`;
  return undefined;
}

/** Such a directory as an item of a list. */
export const madePath = text(pathFault, { pattern: pathForm });
