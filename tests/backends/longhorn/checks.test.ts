import { error, node, ok, stack, table } from "../../preflight/cluster";

const namespace = (name: string, stack?: string) => [{ name, labels: {}, phase: "Active", stack }];

describe("preflight of Longhorn", () => {
  const one = (more: object = {}) => stack({ big: { type: "longhorn", default: true, ...more } });
  const three = [node("a"), node("b"), node("c")];

  table("longhorn-driver", [
    { title: "nobody's yet", stack: one(), says: [ok("no other installation has the driver driver.longhorn.io")] },
    {
      title: "the stack's",
      stack: one(),
      facts: { drivers: ["driver.longhorn.io"], namespaces: namespace("longhorn-system", "test/prod") },
      says: [ok("the driver driver.longhorn.io is this stack's")],
    },
    {
      title: "somebody else's",
      stack: one(),
      facts: { drivers: ["driver.longhorn.io"], namespaces: namespace("longhorn-system") },
      says: [
        error(
          "the driver driver.longhorn.io is in the cluster already, and not by this stack: two installations " +
            "fight over its volumes",
          "use the one that is there: cluster-storage:backends.big.install: false",
        ),
      ],
    },
    {
      title: "one to use",
      stack: one({ install: false }),
      facts: { drivers: ["driver.longhorn.io"] },
      says: [ok("the driver driver.longhorn.io is there")],
    },
    {
      title: "another backend's",
      stack: stack({
        big: { type: "longhorn", default: true },
        one: { type: "longhorn", install: false, replicas: 1 },
      }),
      says: [
        ok("no other installation has the driver driver.longhorn.io"),
        ok("the driver driver.longhorn.io comes with backend big"),
      ],
    },
    {
      title: "none to use",
      stack: one({ install: false }),
      says: [
        error(
          "the driver driver.longhorn.io is not in the cluster, and backends.big.install is false",
          "install it, or let this backend do so: cluster-storage:backends.big.install: true",
        ),
      ],
    },
  ]);

  table("longhorn-nodes", [
    {
      title: "as many as copies",
      stack: one(),
      facts: { nodes: three },
      says: [ok("3 nodes take pods, enough for 3 replicas")],
    },
    {
      title: "one for three copies",
      stack: one(),
      says: [
        error(
          "3 replicas of each volume need as many nodes, and 1 node takes pods",
          "add nodes, or set cluster-storage:backends.big.replicas to 1, with what that means for a lost node",
        ),
      ],
    },
    {
      title: "one that takes no pods",
      stack: one(),
      facts: { nodes: [node("a"), node("b"), node("c", { unschedulable: true })] },
      says: [
        error(
          "3 replicas of each volume need as many nodes, and 2 nodes take pods",
          "add nodes, or set cluster-storage:backends.big.replicas to 2, with what that means for a lost node",
        ),
      ],
    },
  ]);
});
