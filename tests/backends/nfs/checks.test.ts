import { error, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen } from "../nodes";

describe("preflight of NFS", () => {
  const nfs = stack({ files: { type: "nfs", server: "nas", share: "/srv/volumes", default: true } });
  const answer = (fault?: string) => ({ servers: [{ host: "nas", port: 2049, ...(fault && { fault }) }] });
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
