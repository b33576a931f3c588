import { shell } from "./export-recipes";

/**
 * How a service's own tool checks the files of the stopped service. In `script`, `checked COMMAND` runs it quietly.
 * Where it fails, all that it said is printed after the first line that `telling` matches, and the check ends. Without
 * the tool, which some images don't have, nothing is checked.
 */
export const stoppedCheck = (tool: string, telling: string, script: string) =>
  shell(`command -v ${tool} >/dev/null || { echo "not checked: its image has no ${tool}"; exit 0; }
checked() {
  "$@" >/tmp/checked 2>&1 && return
  code=$?
  grep -m 1 -E '${telling}' /tmp/checked || tail -n 1 /tmp/checked
  head -c 50000 /tmp/checked
  exit $code
}
${script}`);
