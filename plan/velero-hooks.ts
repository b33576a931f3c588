import type { Mount, Probe } from "../model/container";
import type { Exec, ExportRecipe } from "../model/export-recipe";
import { listing } from "../model/listing";
import { quote } from "../model/shell";

/**
 * The hooks by which Velero's file-system backup gets a service's data as it stands still, from the recipe by which the
 * data leaves a running pod in a move. Velero runs one command before it copies a pod's volumes and one after, each in
 * a session of its own that ends with the command. So nothing is held by a session: what `begin` does lasts until it is
 * undone, by the second command, or by a timer of the container where that command never comes.
 */

/** The longest hold, in seconds: the one that a recipe promises to bear without repetition. */
const longest = 600;

/** How long a hook may take. The timer runs from the hook's beginning, so it is well below the longest hold. */
const timeout = "5m";

/** Files of the container, in the directory in which recipes note their own holds. */
const held = "/tmp/velero-held";
const before = "/tmp/velero-files";

const run = ({ exec }: Exec) => exec.map(quote).join(" ");

const all = (steps: readonly Exec[]) => steps.map(run).join(" &&\n") || "true";

/** Whatever comes of the first part of a hold, the second part is undone too. */
const letGo = ({ end, files }: ExportRecipe) => `let_go() {
${[...(files?.resume ?? []).map(run), all(end)].join("\n")}
}`;

/**
 * Seconds for which a service can be held. The kubelet kills a container whose liveness probe fails too often. A
 * stopped process answers no probe; the kernel still accepts connections for it.
 */
export function holdFor({ kill }: Pick<ExportRecipe, "kill">, liveness: Probe | undefined): number {
  if (!kill || !liveness || "tcp" in liveness.action) return longest;
  const { periodSeconds = 10, failureThreshold = 3 } = liveness;
  return Math.min(longest, (failureThreshold - 1) * periodSeconds);
}

const hook = (prefix: string, container: string, script: string, limit: string) => ({
  [`${prefix}/container`]: container,
  [`${prefix}/command`]: JSON.stringify(["sh", "-c", script]),
  [`${prefix}/on-error`]: "Fail",
  [`${prefix}/${limit}`]: timeout,
});

/** What Velero is told for a service, by annotation. `mounts`: those of the volumes that are copied. */
export function hooksOf(recipe: ExportRecipe, mounts: readonly Mount[], liveness?: Probe): Record<string, string> {
  const { container, begin, end, files, rename } = recipe;
  const tools = `${letGo(recipe)}
list() {
${run(listing(mounts, files?.changing))}
}`;
  const pre = `${tools}
hold() {
${all([...begin, ...(files?.settle ?? [])])}
}
rm -f ${before}
echo $$ >${held}
(sleep ${holdFor(recipe, liveness)}; [ "$(cat ${held})" = $$ ] && let_go) </dev/null >/dev/null 2>&1 &
hold && list >${before} && exit
rm -f ${before} ${held}
let_go
echo "the volumes were not copied: the data of ${container} could not be made to stand still" >&2
exit 1`;
  const post = `${tools}
now="$(list)"
[ "$now" ] && [ "$now" = "$(cat ${before})" ] && sound=yes || sound=
rm -f ${before} ${held}
let_go || exit 1
[ "$sound" ] && exit
echo "files of ${container} changed while they were copied, so this copy is not sound; back it up again" >&2
exit 1`;
  return {
    ...hook("pre.hook.backup.velero.io", container, pre, "timeout"),
    ...hook("post.hook.backup.velero.io", container, post, "timeout"),
    // The copy has what `begin` changed in the data itself.
    ...(rename && restored(container, end)),
  };
}

function restored(container: string, end: readonly Exec[]): Record<string, string> {
  const prefix = "post.hook.restore.velero.io";
  const [only] = end;
  const script = end.length === 1 && only ? only.exec : ["sh", "-c", all(end)];
  return {
    [`${prefix}/container`]: container,
    [`${prefix}/command`]: JSON.stringify(script),
    [`${prefix}/on-error`]: "Fail",
    [`${prefix}/exec-timeout`]: timeout,
    [`${prefix}/wait-for-ready`]: "true",
  };
}
