import type { Exec, ExportRecipe } from "../../model/mover";
import type { Mount } from "../../model/container";
import { later, shell, streamsOf, tar } from "./export-recipes";

/** How data leaves a running pod whose service is stopped in its tracks (SIGSTOP). */

/** Whatever is written changes it; what is written after it was printed has another second. */
function listing(mounts: Mount[]): Exec {
  const each = mounts.map(({ path }) => `cd ${path}; find . -exec stat -c '%n %i %f %u:%g %s %Y %Z' {} +`);
  return shell(`set -e; stat -c %Z / >/dev/null; (${each.join("; ")}) | sort | sha256sum; sleep 1`);
}

/**
 * Defines `survey`, which lists the service's processes: all in `own`, those that still run in `running`. Process 1 is
 * none of them, because no signal stops it from inside. `is`: what makes a process the service's; `$4` is its session.
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
 * Sets `session` to the one that the container's oldest process has, and the service with it; this shell and a probe
 * have
 * others. Where all of a pod's processes are in one namespace, a container's are told by their control group.
 */
const findSession = `here="$(cat /proc/self/cgroup)" began= session=
for p in /proc/[0-9]*; do
  [ "$(cat $p/cgroup 2>/dev/null)" = "$here" ] && { read -r line <$p/stat; } 2>/dev/null || continue
  set -- \${line##*) }
  if [ -z "$began" ] || [ \${20} -lt $began ]; then began=\${20} session=$4; fi
done`;

/** A signal takes effect once a thread comes out of the kernel: stopped is who is seen to stand still. */
const stop = `tries=50
while [ "$running" ]; do
  [ $tries -gt 0 ] || { echo "processes$running don't stop" >&2; exit 1; }
  tries=$((tries - 1))
  kill -STOP $running 2>/dev/null
  survey
  [ -z "$running" ] || sleep 0.1
done`;

const letGo = 'survey; [ -z "$own" ] || kill -CONT $own';

/** What is streamed twice within a minute. The kubelet takes a service that stands still for longer for dead. */
const shortly = 2 * 1024 ** 2;

/**
 * A service that keeps files: all of its processes are stopped, but for the container's first; with a large volume only
 * once it is streamed, when a listing of all files shows that nothing changed. Where the first process is the service
 * itself, as in a pod that was made by hand, there is only that listing, and `begin` says that the service goes on.
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
    mark: listing(mounts),
    verify: "again",
    end: [shell(`${find}\n${letGo}`)],
    kill: shell(`${find}\nsurvey; kill -KILL $own`),
  };
}

/**
 * A database that recovers from any kill: what is on its disk once it is stopped is what a kill would leave, every
 * acknowledged write in its log. `program`: what its process is called.
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
    streams: streamsOf(mounts, tar),
    verify: "again",
    end: [shell(`${find}\n${letGo}`)],
    kill: shell(`${find}\nsurvey; kill -KILL $own`),
  };
}
