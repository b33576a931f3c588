#!/bin/sh
# Creates the database on its first start, then starts the server. For the settings that are used here it does what
# upstream's image does. If a first start is killed at any moment, a later start does not take the rest for a database.
set -e
trap 'exit 143' TERM INT

fail() {
	echo "docker-entrypoint: $*" >&2
	exit 1
}

# Sets $1 from the file that $1_FILE names, or to $2 when there is neither.
setting() {
	eval "value=\${$1-} file=\${$1_FILE-}"
	if [ -n "$value" ] && [ -n "$file" ]; then fail "$1 and $1_FILE are both set; set only one of them"; fi
	if [ -n "$file" ]; then value=$(cat "$file"); fi
	export "$1=${value:-$2}"
	unset "$1_FILE"
}

settings() {
	setting POSTGRES_PASSWORD
	setting POSTGRES_USER postgres
	setting POSTGRES_DB "$POSTGRES_USER"
	setting POSTGRES_INITDB_ARGS
	if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
		fail "there is no database yet, and it needs a password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
	fi
	if [ -n "$POSTGRES_INITDB_WALDIR" ]; then fail "POSTGRES_INITDB_WALDIR is not supported by this image"; fi
}

# The work directory is inside PGDATA, which may be the volume's root: a rename never leaves the file system.
initialising=$PGDATA/.initialising
initialised=$PGDATA/.initialised

# Files without PG_VERSION may be the rest of somebody's database: a person has to decide about them.
refuse_foreign_files() {
	others=$(ls -A "$PGDATA" | grep -vxE 'lost\+found|\.initialising' || true)
	if [ -n "$others" ]; then fail "$PGDATA has files but no PG_VERSION, so it is neither empty nor a database; nothing was changed. Found:" $others; fi
}

create_cluster() {
	set -- initdb --pgdata="$initialising" --username="$POSTGRES_USER"
	if [ -n "$POSTGRES_PASSWORD" ]; then set -- "$@" --pwfile=/dev/stdin; fi
	# The arguments are words as a shell reads them.
	printf '%s\n' "$POSTGRES_PASSWORD" | eval '"$@" '"$POSTGRES_INITDB_ARGS"
	printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$initialising/pg_hba.conf"
}

run_sql() {
	PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" "$@"
}

create_database() {
	if [ "$POSTGRES_DB" = postgres ]; then return; fi
	echo 'CREATE DATABASE :"name" ;' | run_sql --dbname postgres --set name="$POSTGRES_DB"
}

run_scripts() {
	for script in /docker-entrypoint-initdb.d/*; do
		case "$script" in
		*.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
		*.sql) run_sql --dbname "$POSTGRES_DB" -f "$script" ;;
		*.sql.gz) gunzip -c "$script" | run_sql --dbname "$POSTGRES_DB" ;;
		esac
	done
}

# No client can connect before the end: this server listens on the socket only.
first_start() {
	settings
	refuse_foreign_files
	rm -rf "$initialising"
	create_cluster
	final=$PGDATA
	export PGDATA="$initialising"
	pg_ctl --wait --silent -o "-c listen_addresses=''" start
	create_database
	run_scripts
	pg_ctl --wait --silent --mode=fast stop
	export PGDATA="$final"
	initdb --sync-only --pgdata="$initialising" >/dev/null
	# From here on the database counts as created.
	mv "$initialising" "$initialised"
}

# Can be cut off and repeated: PG_VERSION, which makes it a database, moves last.
move_in() {
	if [ -e "$initialised/PG_VERSION" ]; then
		for entry in $(ls -A "$initialised"); do
			if [ "$entry" != PG_VERSION ]; then mv "$initialised/$entry" "$PGDATA/"; fi
		done
		sync
		mv "$initialised/PG_VERSION" "$PGDATA/"
	fi
	rmdir "$initialised"
	sync
}

prepare() {
	mkdir -p "$PGDATA" || fail "the data directory $PGDATA cannot be created as uid $(id -u)"
	# The server refuses a directory that others can enter, and a volume's group rights may have been widened.
	chmod 0700 "$PGDATA" 2>/dev/null || true
	if [ ! -e "$PGDATA/PG_VERSION" ] && [ ! -d "$initialised" ]; then first_start; fi
	if [ -d "$initialised" ]; then move_in; fi
}

case "$1" in
-*) set -- postgres "$@" ;;
esac
case "$*" in
"postgres --help" | "postgres -?" | "postgres --version" | "postgres -V" | "postgres --describe-config") ;;
postgres | "postgres "*) prepare ;;
esac
exec "$@"
