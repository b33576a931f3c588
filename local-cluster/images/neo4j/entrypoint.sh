#!/bin/sh
# Writes the settings of the environment to neo4j.conf, sets the password of a new database, and starts the server. For
# what is used here it does as upstream's image does.
set -e

fail() {
	echo "docker-entrypoint: $*" >&2
	exit 1
}

conf=$NEO4J_HOME/conf
# Of the image or of this script, and no settings of the server.
known=' NEO4J_ACCEPT_LICENSE_AGREEMENT NEO4J_AUTH NEO4J_AUTH_PATH NEO4J_DEBUG NEO4J_EDITION NEO4J_HOME NEO4J_PLUGINS '

names() {
	env | sed -n 's/^\(NEO4J_[A-Za-z0-9_]*\)=.*/\1/p' | sort
}

# Sets each variable whose name with _FILE at its end names a file.
secrets_from_files() {
	for name in $(names); do
		case "$name" in
		*_FILE)
			eval "file=\$$name"
			[ -r "$file" ] || fail "the file $file, which $name names, does not exist or cannot be read"
			export "${name%_FILE}=$(cat "$file")"
			unset "$name"
			;;
		esac
	done
}

# The later line of two wins, but for the JVM's arguments, which all count.
set_setting() {
	file=$conf/neo4j.conf
	case "$1" in apoc.*) file=$conf/apoc.conf ;; esac
	if [ "$1" != server.jvm.additional ] && [ -e "$file" ]; then
		grep -vF "$1=" "$file" >/tmp/conf.$$ || true
		cat /tmp/conf.$$ >"$file"
		rm -f /tmp/conf.$$
	fi
	printf '%s=%s\n' "$1" "$2" >>"$file"
}

default_setting() {
	grep -q "^$1=" "$conf/neo4j.conf" || set_setting "$1" "$2"
}

# One underscore is a dot, two are an underscore.
settings_from_environment() {
	for name in $(names); do
		case "$known" in *" $name "*) continue ;; esac
		eval "value=\$$name"
		setting=$(printf %s "${name#NEO4J_}" | sed 's/_/./g; s/\.\./_/g')
		case "$setting" in [0-9]*) continue ;; esac
		if [ -n "$value" ]; then set_setting "$setting" "$value"; fi
	done
}

mounted_directories() {
	if [ -d /conf ]; then
		rm -rf "$conf"/*
		cp /conf/* "$conf"
		touch "$conf/neo4j.conf"
	fi
	for name in plugins import licenses logs; do
		if [ -d "/$name" ]; then default_setting "server.directories.$name" "/$name"; fi
	done
	for directory in /data /logs; do
		[ -w "$directory" ] || fail "$directory is not accessible for uid $(id -u), gid $(id -g)"
	done
	if [ -n "$NEO4J_PLUGINS" ]; then echo "docker-entrypoint: this image has no plugins; NEO4J_PLUGINS is passed over" >&2; fi
}

# Once the database of users is there, it has the password.
initial_password() {
	auth=$NEO4J_AUTH
	if [ -n "$NEO4J_AUTH_PATH" ]; then auth=$(cat "$NEO4J_AUTH_PATH"); fi
	case "$auth" in
	'') ;;
	none) set_setting dbms.security.auth_enabled false ;;
	neo4j/neo4j) fail "the password cannot be neo4j, which is the default" ;;
	neo4j/?*)
		if [ ! -d /data/databases/system ]; then neo4j-admin dbms set-initial-password "${auth#neo4j/}"; fi
		;;
	*) fail "NEO4J_AUTH is neither none nor neo4j/PASSWORD" ;;
	esac
}

if [ "$1" != neo4j ]; then exec "$@"; fi
secrets_from_files
mounted_directories
default_setting server.memory.pagecache.size 512M
default_setting server.default_listen_address 0.0.0.0
settings_from_environment
initial_password
# What it prints is the command that is the server, so that no second JVM stays.
command=$(neo4j console --dry-run)
[ -n "$command" ] || fail "neo4j console --dry-run printed no command"
eval "exec $command"
