#!/bin/sh
# Starts the stand-in as Qdrant's image starts its server: it passes on that the
# server shall end, and then ends itself, because `wait` returns at such a signal.
trap 'kill -TERM "$server" 2>/dev/null' TERM
trap 'kill -INT "$server" 2>/dev/null' INT
"$STAND_IN_SERVER" &
server=$!
wait "$server"
exit $?
