import type { ExportRecipe } from "../../model/export-recipe";
import type { Mount } from "../../model/container";
import { listing } from "../../model/listing";
import { later, shell, streamsOf, tar } from "./export-recipes";

/** How data leaves a running pod whose service is stopped in its tracks (SIGSTOP). */

/**
 * Defines `survey`, which lists the service's processes: all in `own`, those that still run in `running`. Process 1 is
 * left out, because no signal stops it from inside. `is`: the condition that a process is the service's, in which `$4`
 * is the process's session.
 */
const survey = (is: string) => `survey() {
  own= running=
  for p in /proc/[0-9]*; do
    [ $p != /proc/1 ] && { read -r line <$p/stat; } 2>/dev/null || continue
    set -- \${line##*) }
    case $1 in Z|X) continue ;; esac
    ${is} || continue
    own="$own \${p#/proc/}"
    for t in $p/task/*/stat; do
      { read -r line <$t; } 2>/dev/null && case \${line##*) } in [TZX]*) ;; *) running="$running \${p#/proc/}" ;; esac
    done
  done
}`;

/**
 * Sets `session` to the session of the container's oldest process, which is the service's. This shell and a probe
 * have other sessions. Where all of a pod's processes share one namespace, the control group tells which are the
 * container's.
 */
const findSession = `here="$(cat /proc/self/cgroup)" began= session=
for p in /proc/[0-9]*; do
  [ "$(cat $p/cgroup 2>/dev/null)" = "$here" ] && { read -r line <$p/stat; } 2>/dev/null || continue
  set -- \${line##*) }
  if [ -z "$began" ] || [ \${20} -lt $began ]; then began=\${20} session=$4; fi
done`;

/**
 * A signal takes effect only when a thread leaves the kernel, so this waits until all threads are seen to be stopped.
 */
const stop = `tries=50
while [ "$running" ]; do
  [ $tries -gt 0 ] || { echo "processes$running don't stop" >&2; exit 1; }
  tries=$((tries - 1))
  kill -STOP $running 2>/dev/null
  survey
  [ -z "$running" ] || sleep 0.1
done`;

const letGo = 'survey; [ -z "$own" ] || kill -CONT $own';

/**
 * The most, in KiB, that is streamed twice within a minute. The kubelet kills a service whose probes fail for longer.
 */
const shortly = 2 * 1024 ** 2;

/**
 * The export recipe of a service that keeps files. All of its processes are stopped, except the container's first.
 * With a large volume they are stopped only after it was streamed, and a listing of all files shows whether anything
 * changed. Where the service is the first process itself, as in a pod that was made by hand, nothing is stopped:
 * there is only the listing, and `begin` says so.
 */
export function fileExport(container: string, mounts: Mount[]): ExportRecipe {
  const kibibytes = `$(($(du -sk ${mounts.map(({ path }) => path).join(" ")} | cut -f1 | tr '\\n' +)0))`;
  const find = `${findSession}\n${survey('[ "$4" = "$session" ]')}`;
  const hold = `${find}
survey
[ "$own" ] || { echo "not held: it is its container's first process, which can't be stopped"; exit; }
echo $$ >/tmp/held
${later(letGo)}
${stop}`;
  return {
    container,
    begin: [
      shell(
        `[ ${kibibytes} -gt ${shortly} ] && { echo "later: its data takes too long to stream for a service ` +
          `that stands still"; exit; }\n${hold}`,
      ),
    ],
    last: [shell(hold)],
    streams: streamsOf(mounts, tar),
    quiet: shell(":"),
    mark: listing(mounts),
    verify: "again",
    end: [shell(`${find}\n${letGo}`)],
    kill: shell(`${find}\nsurvey; kill -KILL $own`),
  };
}

/**
 * The export recipe of a database that recovers from any kill. When it is stopped, its disk has what a kill would
 * leave, which includes every acknowledged write. `program`: the name of its process.
 */
export function frozenExport(container: string, program: string, mounts: Mount[]): ExportRecipe {
  const find = survey(`[ "$(cat $p/comm 2>/dev/null)" = ${program} ]`);
  return {
    container,
    begin: [
      shell(
        `${find}\nsurvey\n[ "$own" ] || { echo "no process ${program} to stop" >&2; exit 1; }\necho $$ ` +
          `>/tmp/held\n${later(letGo)}\n${stop}`,
      ),
    ],
    quiet: shell(":"),
    streams: streamsOf(mounts, tar),
    verify: "again",
    end: [shell(`${find}\n${letGo}`)],
    kill: shell(`${find}\nsurvey; kill -KILL $own`),
  };
}
