import { error, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen } from "../nodes";

describe("preflight of NFS", () => {
  const nfs = stack({ files: { type: "nfs", server: "nas", share: "/srv/volumes", default: true } });
  const answer = (fault?: string) => ({ servers: [{ host: "nas", port: 2049, ...(fault && { fault }) }] });
  const share = { type: "nfs", server: "nas", share: "/x" };
  const shares = (first: object, second: object) =>
    stack({ one: { ...share, ...first, default: true }, two: { ...share, ...second, install: false } });
  const mode = { mountPermissions: "0777" };
  const alone = ok("the driver leaves the rights of files alone");
  const given = ok("the driver gives a volume's files to the pod's group");
  const clash = (has: string, lacks: string) =>
    error(
      `backend ${has} has mountPermissions and backend ${lacks} has none, and they share one driver, which sets a ` +
        "pod's group on all shares or on none",
      `set cluster-storage:backends.${lacks}.mountPermissions too, or export the share of ${has} with ` +
        "no_root_squash and remove its mountPermissions",
    );
  const foreign = (wanted: string) =>
    unknown(
      `the driver isn't this stack's, so it isn't known whether it sets a pod's group: its fsGroupPolicy ${wanted}`,
      "kubectl get csidriver nfs.csi.k8s.io -o jsonpath='{.spec.fsGroupPolicy}'",
    );
  table("nfs-groups", [
    { title: "root is root", stack: nfs, says: [given] },
    { title: "root is nobody, at all shares", stack: shares(mode, mode), says: [alone, alone] },
    { title: "root is nobody at the second share only", stack: shares({}, mode), says: [given, clash("two", "one")] },
    { title: "root is nobody at the first share only", stack: shares(mode, {}), says: [alone, clash("one", "two")] },
    {
      title: "somebody else's driver",
      stack: stack({ files: { ...share, ...mode, install: false, default: true } }),
      says: [foreign("may not be File")],
    },
    {
      title: "somebody else's driver, where root is root",
      stack: stack({ files: { ...share, install: false, default: true } }),
      says: [foreign("has to be File")],
    },
  ]);
  table("nfs-server", [
    { title: "answers", stack: nfs, facts: answer(), says: [ok("nas takes connections on port 2049")] },
    {
      title: "refuses",
      stack: nfs,
      facts: answer("ECONNREFUSED"),
      says: [
        error(
          "nas refuses connections on port 2049: no NFS server runs there",
          "start it there (systemctl enable --now nfs-server), or name another in the backend's server",
        ),
      ],
    },
    {
      title: "is silent",
      stack: nfs,
      facts: answer("no answer"),
      says: [
        warning(
          "nas can't be reached on port 2049 from here (no answer); the nodes may reach it",
          `let a node try: ${probe}`,
        ),
      ],
    },
    {
      title: "has no address here",
      stack: nfs,
      facts: answer("ENOTFOUND"),
      says: [
        warning(
          "nas can't be reached on port 2049 from here (its name is not known); the nodes may reach it",
          `let a node try: ${probe}`,
        ),
      ],
    },
  ]);
  table("nfs-export", [
    {
      title: "untried",
      stack: nfs,
      says: [unknown("only a probe pod can tell whether nas:/srv/volumes can be mounted", probe)],
    },
    {
      title: "mounted",
      stack: nfs,
      facts: {
        nodes: [seen("a", { exports: { "nas:/srv/volumes": "" } }), seen("b", { exports: { "nas:/srv/volumes": "" } })],
      },
      says: [ok("nas:/srv/volumes is mounted on a and b")],
    },
    {
      title: "refused",
      stack: nfs,
      facts: { nodes: [seen("a", { exports: { "nas:/srv/volumes": "mount.nfs: access denied by server" } })] },
      says: [
        error(
          "a can't mount nas:/srv/volumes: mount.nfs: access denied by server",
          "export it to the nodes (/etc/exports, then exportfs -ra), and open port 2049 to them",
        ),
      ],
    },
    {
      title: "a node without a client says nothing",
      stack: nfs,
      facts: { nodes: [seen("a")] },
      says: [unknown("only a probe pod can tell whether nas:/srv/volumes can be mounted", probe)],
    },
  ]);
});
