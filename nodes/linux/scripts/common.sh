# Shared by all scripts for a node. Each of them defines `look`, which only reads, and `make`.
# shellcheck shell=sh
set -u
umask 022
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

# Answers of `look`, which runs in a subshell: each ends it. `anew`: it is missing, and would be made from nothing.
is_done() { printf 'done\t%s\n' "$*"; exit 0; }
is_missing() { printf 'missing\t%s\n' "$*"; exit 0; }
is_anew() { printf 'anew\t%s\n' "$*"; exit 0; }
# Where something is being made, a refusal is the end of the script.
refuse() {
  [ -z "$making" ] || stop "$*"
  printf 'refused\t%s\n' "$*"
  exit 0
}
making=

# Ends the script with a reason.
stop() { printf '%s\n' "$*" >&2; exit 1; }

# Runs a command that has to succeed. Else the script ends with these words and the command's last line.
try() {
  what=$1
  shift
  # Without the lock's descriptor, which a daemon that is started here would keep open.
  said=$("$@" </dev/null 2>&1 9>&-) || stop "$what: $(printf '%s\n' "$said" | tail -n 1)"
}

# Names of the node's disks that stay the same over a restart, for messages.
disks() { find /dev/disk/by-id -type l 2>/dev/null | sort | tr '\n' ' '; }

# A list of lines as words in one line.
flat() { printf '%s' "$1" | tr -s '\n' ' '; }

has() { command -v "$1" >/dev/null 2>&1; }

answer_of() {
  # A look that ends without an answer has failed.
  answer=$(look 9>&-)
  case $answer in
  done"$tab"* | missing"$tab"* | anew"$tab"* | refused"$tab"*) ;;
  *) answer="refused${tab}the node could not be looked at, so nothing was changed" ;;
  esac
}
tab=$(printf '\t')

# Says how a step stands, in a line of `STEP STATE WORDS`.
report() {
  answer_of
  printf 'step\t%s\t%s\n' "$1" "$answer"
}

# Looks, makes what is missing, and looks again. One at a time: the script of a killed update may still be at work.
carry_out() {
  [ "$(id -u)" = 0 ] ||
    stop "this needs root, and the account is $(id -un);" \
      "set cluster-storage:nodeAccess.ssh.user"
  if has flock; then
    exec 9>/run/cluster-storage-node.lock || stop "/run can't be written to"
    flock -w 120 9 ||
      stop "an earlier update is still at work on this node;" \
        "run pulumi up again when it has ended"
  fi
  answer_of
  case $answer in
  refused*) stop "${answer#*"$tab"}" ;;
  missing* | anew*)
    making=yes
    make
    making=
    answer_of
    case $answer in
    done*) ;;
    *) stop "it was made and is not in effect: ${answer#*"$tab"}" ;;
    esac
    ;;
  esac
  printf '%s\n' "${answer#*"$tab"}"
}
