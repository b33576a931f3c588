import type { Check } from "../../model/backend";
import { takesPods } from "../../preflight/nodes";
import { driverCheck, type DriverSettings } from "../shared/check-driver";
import { listed, results } from "../../preflight/results";

/** The part of an NFS backend's config that the checks use. */
export interface NfsSettings extends DriverSettings {
  server: string;
  /** The exported directory, such as /srv/volumes. */
  share: string;
}

const group = "nfs";
const probe = "npm run preflight -- --probe";

/** The server is asked from this machine. A refusal is its own. Silence may mean that only the nodes can reach it. */
const nfsServer: Check<NfsSettings> = {
  id: "nfs-server",
  group,
  asks: ({ server }) => ({ servers: [server] }),
  run({ config: { server }, facts: { servers } }) {
    const { ok, warning, error, unknown } = results(this.id);
    const answer = servers.find(({ host }) => host === server);
    if (!answer) return [unknown(`${server} was not asked`)];
    const { port, fault } = answer;
    if (!fault) return [ok(`${server} takes connections on port ${port}`)];
    if (fault === "ECONNREFUSED")
      return [
        error(
          `${server} refuses connections on port ${port}: no NFS server runs there`,
          `start it there (systemctl enable --now nfs-server), or name another in the backend's server`,
        ),
      ];
    const why = fault === "ENOTFOUND" ? "its name is not known" : fault === "no answer" ? fault : `no answer, ${fault}`;
    return [
      warning(
        `${server} can't be reached on port ${port} from here (${why}); the nodes may reach it`,
        `let a node try: ${probe}`,
      ),
    ];
  },
};

const nfsExport: Check<NfsSettings> = {
  id: "nfs-export",
  group,
  asks: ({ server, share }) => ({ exports: [{ server, share }] }),
  run({ config: { server, share }, facts: { nodes } }) {
    const { ok, error, unknown, unread } = results(this.id);
    if (!nodes) return [unread("nodes")];
    const place = `${server}:${share}`;
    const tried = nodes
      .filter(takesPods)
      .flatMap(({ name, probe }) =>
        probe?.exports[place] === undefined ? [] : [{ name, fault: probe.exports[place] }],
      );
    if (tried.length === 0) return [unknown(`only a probe pod can tell whether ${place} can be mounted`, probe)];
    const failed = tried.filter(({ fault }) => fault !== "");
    if (failed.length === 0) return [ok(`${place} is mounted on ${listed(tried.map(({ name }) => name))}`)];
    return failed.map(({ name, fault }) =>
      error(
        `${name} can't mount ${place}: ${fault}`,
        `export it to the nodes (/etc/exports, then exportfs -ra), and open port 2049 to them`,
      ),
    );
  },
};

export const nfsChecks: Check<NfsSettings>[] = [driverCheck("nfs", "nfs.csi.k8s.io"), nfsServer, nfsExport];
