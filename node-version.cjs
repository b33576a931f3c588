// Says in one line that Node is too old, before anything is loaded that such a Node can't read. So this file is written
// in the JavaScript of every Node.
"use strict";

// CommonJS can require ES modules, such as the Kubernetes client, from this version on; Pulumi's SDK needs Node 22.
const oldest = require("./package.json").engines.node.replace(">=", "");

/** What is wrong with a version of Node, such as "18.20.8"; undefined where it is new enough. */
function versionFault(version) {
  const has = version.split(".").map(Number);
  const needs = oldest.split(".").map(Number);
  if (has[0] > needs[0] || (has[0] === needs[0] && has[1] >= needs[1])) return undefined;
  return (
    "Node " +
    oldest +
    " or newer is needed, and this is Node " +
    version +
    " (" +
    process.execPath +
    "); install " +
    "Node 22 and put it first on PATH, or use the one that npm ci has installed: " +
    'PATH="$PWD/node_modules/node-' +
    process.platform +
    "-" +
    process.arch +
    '/bin:$PATH" pulumi up'
  );
}

/** Throws an error without a stack, which Pulumi prints as it prints a RunError. */
function refuseOldNode() {
  const fault = versionFault(process.versions.node);
  if (fault === undefined) return;
  const error = new Error(fault);
  error.__pulumiRunError = true;
  error.stack = fault;
  throw error;
}

module.exports = { oldest, refuseOldNode, versionFault };
