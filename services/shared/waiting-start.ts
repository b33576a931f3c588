/**
 * Starts an image's own entrypoint as a child, and tells the server itself that it shall end. For an entrypoint that
 * ends as soon as it is told: a shell's `wait` returns at a signal that it traps, and when a container's first process
 * ends, the kernel kills the server with it, however much of its grace is left. Here the first process waits for both.
 * `start`: the entrypoint, relative to the image's working directory. `program`: the name of the server's process. One
 * that is started only after the signal, such as one in a recovery mode, is told as well. The signal may come at any
 * moment, before the shell waits too: what tells the server is begun by the trap itself.
 */
export const waitingStart = (start: string, program: string): string[] => [
  "sh",
  "-c",
  `start= asked= telling= told=
tell() {
  for p in /proc/[0-9]*; do
    case " $told " in *" \${p#/proc/} "*) continue ;; esac
    { read -r name <$p/comm; } 2>/dev/null && [ "$name" = ${program} ] || continue
    kill -TERM \${p#/proc/} 2>/dev/null && told="$told \${p#/proc/}"
  done
}
pass_on() {
  [ "$asked" ] && [ "$start" ] && [ -z "$telling" ] || return 0
  telling=yes
  while kill -0 $start 2>/dev/null; do tell; sleep 0.1; done &
}
trap 'asked=yes; pass_on' TERM INT
${start} &
start=$!
pass_on
wait $start
status=$?
if [ "$asked" ]; then
  while kill -0 $start 2>/dev/null; do wait $start; status=$?; done
  wait $start
  ended=$?
  [ $ended = 127 ] || status=$ended
fi
exit $status`,
];
