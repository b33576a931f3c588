#!/bin/sh
# Starts what upstream's Redis image would for the same arguments.
set -e

# Flags or a configuration file alone are the server's.
case "$1" in
-* | *.conf) set -- redis-server "$@" ;;
esac

# Upstream's build takes remote connections without a password, Debian's refuses them.
# The setting comes first, so that any later one wins; a single flag (--version) stays alone.
case "$1 $2" in
"redis-server " | "redis-server --"*)
	if [ $# -ne 2 ]; then
		shift
		set -- redis-server --protected-mode no "$@"
	fi
	;;
esac

# What the server writes is nobody else's.
if [ "$(umask)" = 0022 ]; then umask 0077; fi

exec "$@"
