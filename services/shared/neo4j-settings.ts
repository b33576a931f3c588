import type { ContainerRules } from "../../model/container-settings";

/**
 * What the config may say of Neo4j, and what it may not. Its entrypoint makes a setting of each variable NEO4J_…, an
 * underscore for a dot and two for an underscore, and knows the names of version 4 too (docker-entrypoint.sh of
 * neo4j/docker-neo4j).
 */
export const containerRules: ContainerRules = {
  replaceable: [
    "NEO4J_server_memory_heap_initial__size",
    "NEO4J_server_memory_heap_max__size",
    "NEO4J_server_memory_pagecache_size",
    "NEO4J_db_tx__log_rotation_size",
    "NEO4J_db_tx__log_rotation_retention__policy",
    "NEO4J_dbms_usage__report_enabled",
  ],
  reserved: [
    {
      name: /^(NEO4J_AUTH|NEO4J_AUTH_PATH|GRAPH_PASSWORD)$/,
      why: "the stack makes the password and keeps it with the data; npm run rotate gives another one",
    },
    { name: /^NEO4J_dbms_security_auth__enabled$/, why: "clients have to log in with a password" },
    {
      name: /^NEO4J_(server|dbms)_directories_(?!import$)/,
      why: "its data, logs and plugins are there, and elsewhere they would be missing or go with the pod",
    },
    { name: /^NEO4J_HOME$/, why: "the image has Neo4j there" },
    {
      name: /^NEO4J_(initial_dbms|dbms|initial_server_dbms)_default__database$/,
      why: "another default database is an empty one, and nobody would see the data of this one",
    },
    {
      name: /^NEO4J_(server|dbms)_(connector_)?(bolt|https?)_(enabled|listen__address|tls__level|address)$/,
      why: "the stack's clients, probes and policies go by it",
    },
    {
      name: /^NEO4J_(server|dbms)_default__listen__address$/,
      why: "the stack's clients, probes and policies go by it",
    },
    { name: /^NEO4J_dbms_ssl_/, why: "connections are encrypted by tls: true" },
  ],
  extraArgs: "Neo4j takes its settings by env, such as NEO4J_db_transaction_timeout",
  reservedPaths: [
    { path: /^\/conf(\/|$)/, why: "its files would take the place of the image's settings; use env" },
    { path: /^\/ssl(\/|$)/, why: "connections are encrypted by tls: true" },
    {
      path: /^\/var\/lib\/neo4j(\/(?!plugins\/|import(\/|$)|labs\/).*)?$/,
      why: "Neo4j writes there; single plugins go to /var/lib/neo4j/plugins/FILE.jar, with subPath: FILE.jar",
    },
    {
      path: /^\/plugins(\/|$)/,
      beside: "NEO4J_PLUGINS",
      why:
        "Neo4j's start copies the plugins of NEO4J_PLUGINS there, which a read-only directory refuses; single " +
        "plugins go to /var/lib/neo4j/plugins/FILE.jar, with subPath: FILE.jar",
    },
    { path: /^\/startup(\/|$)/, why: "the image has its entrypoint there" },
  ],
};
