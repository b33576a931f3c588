import type { Exec } from "./export-recipe";

/**
 * Who holds a service at the moment: a move, a backup, Velero. Each has a file in the service's container, in which
 * stands until when it holds at the latest. Whoever ends its hold lets the service go only where no other one holds it.
 */
type Holder = "move" | "backup";

/** How long a hold lasts that nobody renews, in seconds: what a recipe promises. */
const longest = 600;

/**
 * Shell functions: `begun NAME` before a hold; `ended NAME COMMAND …` runs what lets the service go where NAME was the
 * last holder; `left NAME` only forgets it. They take turns, so that nobody is let go who has just begun. A turn that a
 * killed shell has left counts for ten seconds. Where no file can be written, each ends its hold for all.
 */
export const holders = `held="\${TMPDIR:-/tmp}/held-by"
turn() {
  tries=50
  while [ -w "\${held%/*}" ] && ! mkdir "$held.turn" 2>/dev/null && [ $tries -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.2
  done
}
begun() {
  turn
  { echo $(($(date +%s) + ${longest})) >"$held-$1"; } 2>/dev/null
  rmdir "$held.turn" 2>/dev/null
}
left() {
  turn
  rm -f "$held-$1"
  rmdir "$held.turn" 2>/dev/null
}
ended() {
  turn
  rm -f "$held-$1"
  shift
  other= code=0
  for file in "$held"-*; do
    { read -r last <"$file" && [ "$last" -gt "$(date +%s)" ]; } 2>/dev/null && other=\${file##*held-by-}
  done
  if [ "$other" ]; then echo "still held by: $other"; else "$@" || code=$?; fi
  rmdir "$held.turn" 2>/dev/null
  return $code
}`;

const script = (title: string, does: string, holder: Holder, exec: string[] = []): Exec => ({
  exec: ["sh", "-c", `# ${title}\n${holders}\n${does}`, holder, ...exec],
});

/** The command, after it was noted that this one holds the service from now on. */
export const asHolder = (holder: Holder, { exec }: Exec): Exec =>
  script("a hold begins, or goes on", 'begun "$0"; exec "$@"', holder, exec);

/** The command, where no other one holds the service. Prints `still held by: NAME` where one does. */
export const asLastHolder = (holder: Holder, { exec }: Exec): Exec =>
  script("a hold ends", 'ended "$0" "$@"', holder, exec);

/** Holds the service no longer, and leaves it to another one to let it go. */
export const noHolder = (holder: Holder): Exec => script("a hold is left to another", 'left "$0"', holder);
