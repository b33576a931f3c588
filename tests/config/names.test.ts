import assert from "node:assert/strict";
import { describeFaults } from "../../config/faults";
import { planConfig } from "../../ops/pulumi/stack-plan";

const values = (project: string, backend = "local-path") => ({
  [`${project}:cluster`]: { context: "minikube", identifier: "dev" },
  [`${project}:backends`]: { [backend]: { type: "local-path", path: "/opt/volumes", default: true } },
  [`${project}:services`]: { redis: { size: "1Gi" } },
});
const faultsOf = (project: string, stack: string) =>
  planConfig(values(project), { project, stack }).faults.map(({ path, message }) => `${path}|${message}`);

describe("the names of a stack and its project", () => {
  const fits = "a".repeat(47);

  it("may fill a label's value", () => assert.deepEqual(faultsOf("cluster-storage", fits), []));

  it("are said to be too long at once, with the limit, as the first thing", () => {
    const stack = "a".repeat(60);
    const message =
      "the stack's name has 60 characters: every object of the stack has the label app.kubernetes.io/instance: " +
      `cluster-storage-${stack}, whose value may have 63 characters; give it 47 at most: pulumi stack rename NAME ` +
      "(or pulumi stack init NAME, where nothing is deployed yet)";
    assert.deepEqual(faultsOf("cluster-storage", stack), [`|${message}`]);
    assert.deepEqual(faultsOf("cluster-storage", `${fits}b`).length, 1);
    assert.equal(
      describeFaults(stack, planConfig(values("cluster-storage"), { project: "cluster-storage", stack }).faults),
      `the config of stack "${stack}" has 1 fault, so nothing was changed:\n  ${message}`,
    );
  });

  it("are told apart: a project's that leaves no room for a stack's", () => {
    const project = "p".repeat(62);
    assert.deepEqual(faultsOf(project, "dev"), [
      `|the project's name "${project}" is too long: every object of the stack has the label ` +
        `app.kubernetes.io/instance: ${project}-dev, whose value may have 63 characters; change name in Pulumi.yaml ` +
        "before the first update",
    ]);
  });

  const ends =
    ', which every object of the stack has: it takes letters, digits, "-", "_" and ".", with a letter or digit ' +
    "at both ends";
  it("can't end or begin with what a label can't", () => {
    assert.deepEqual(faultsOf("cluster-storage", "dev-"), [
      `|the stack's name "dev-" can't end a label's value${ends}; choose another name: pulumi stack rename NAME`,
    ]);
    assert.deepEqual(faultsOf("_storage", "dev"), [
      `|the project's name "_storage" can't begin a label's value${ends}; change name in Pulumi.yaml before ` +
        "the first update",
    ]);
  });

  it("leave room for what a backend's own name is longer by", () => {
    const name = "b".repeat(52);
    const { faults } = planConfig(values("cluster-storage", name), { project: "cluster-storage", stack: "dev" });
    assert.deepEqual(faults, [
      {
        path: `backends.${name}`,
        message:
          `has a name of 52 characters, and its objects' names are longer by "-provisioner", where Kubernetes takes ` +
          "63; give it 51 at most",
      },
    ]);
    const fitting = planConfig(values("cluster-storage", name.slice(1)), { project: "cluster-storage", stack: "dev" });
    assert.deepEqual(fitting.faults, []);
  });
});
