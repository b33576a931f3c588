import type { Check } from "../../model/backend";
import { takesPods } from "../../preflight/nodes";
import { definitionsCheck } from "../shared/check-definitions";
import { kubeletCheck } from "../shared/check-kubelet";
import { driverCheck, type DriverSettings } from "../shared/check-driver";
import { listed, results } from "../../preflight/results";

/** The part of an NFS backend's config that the checks use. */
export interface NfsSettings extends DriverSettings {
  server: string;
  /** The exported directory, such as /srv/volumes. */
  share: string;
  /** Mode of a volume's directory, for a server that maps root to nobody. */
  mountPermissions?: string;
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

/**
 * Whether the kubelet leaves the rights of files alone where the server maps root to nobody, and sets a pod's group
 * elsewhere. The driver says that once, for all shares.
 */
const nfsGroups: Check<NfsSettings> = {
  id: "nfs-groups",
  group,
  run({ name, config: { install, mountPermissions }, alike }) {
    const { ok, error, unknown } = results(this.id);
    const squashed = mountPermissions !== undefined;
    const right = ok(
      squashed ? "the driver leaves the rights of files alone" : "the driver gives a volume's files to the pod's group",
    );
    if (install) return [right];
    const installing = [...alike].find(([, other]) => other.install);
    if (!installing) {
      const wanted = squashed ? "may not be File" : "has to be File";
      return [
        unknown(
          `the driver isn't this stack's, so it isn't known whether it sets a pod's group: its fsGroupPolicy ${wanted}`,
          "kubectl get csidriver nfs.csi.k8s.io -o jsonpath='{.spec.fsGroupPolicy}'",
        ),
      ];
    }
    const [other, { mountPermissions: others }] = installing;
    if ((others !== undefined) === squashed) return [right];
    const [has, lacks] = squashed ? [name, other] : [other, name];
    return [
      error(
        `backend ${has} has mountPermissions and backend ${lacks} has none, and they share one driver, which sets a ` +
          "pod's group on all shares or on none",
        `set cluster-storage:backends.${lacks}.mountPermissions too, or export the share of ${has} with ` +
          "no_root_squash and remove its mountPermissions",
      ),
    ];
  },
};

export const nfsChecks: Check<NfsSettings>[] = [
  driverCheck("nfs", "nfs.csi.k8s.io"),
  kubeletCheck("nfs"),
  definitionsCheck("nfs"),
  nfsGroups,
  nfsServer,
  nfsExport,
];
