#!/bin/sh
# neo4j, neo4j-admin and cypher-shell: each is a class of the same jars.
home=${NEO4J_HOME:-/var/lib/neo4j}
case "${0##*/}" in
neo4j) class=org.neo4j.server.startup.Neo4jCommand ;;
neo4j-admin) class=org.neo4j.server.startup.Neo4jAdminCommand ;;
cypher-shell) class=org.neo4j.shell.Main ;;
esac
# The first two only start the JVM that works, with the heap that it is given.
exec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp "$home/lib/*" -Dbasedir="$home" "$class" "$@"
