import type { ChartFound } from "../../model/preflight-facts";
import { error, ok, stack, table, unknown } from "./cluster";

const nfs = (more: object = {}) => stack({ nas: { type: "nfs", server: "nas", share: "/x", default: true, ...more } });
const answered = (found: ChartFound) => ({ charts: [{ backend: "nas", release: "csi-driver-nfs", found }] });

describe("preflight of charts", () => {
  const official = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts";
  const elsewhere =
    "name another repository in cluster-storage:backends.nas.repository or in cluster-storage:charts.mirror, or the " +
    "chart's own archive in cluster-storage:backends.nas.chart: docs/charts.md";
  const pull = `helm pull csi-driver-nfs --repo ${official} --version 4.13.4`;
  const file = nfs({ chart: "./charts/csi-driver-nfs-4.13.4.tgz" });
  table("chart-source", [
    { title: "not asked", stack: nfs(), says: [] },
    { title: "no charts", facts: answered({ is: "fault", why: "refuses connections" }), says: [] },
    {
      title: "there",
      stack: nfs(),
      facts: answered({ is: "there" }),
      says: [ok(`the chart csi-driver-nfs 4.13.4 is fetched from ${official}, which answers`)],
    },
    {
      title: "out of reach",
      stack: nfs(),
      facts: answered({ is: "fault", why: "refuses connections" }),
      says: [
        error(
          `${official}, from which backend nas fetches the chart csi-driver-nfs 4.13.4 at each preview and update, ` +
            "refuses connections",
          elsewhere,
        ),
      ],
    },
    {
      title: "in a repository of helm's own list",
      stack: nfs({ repository: "lan" }),
      facts: answered({ is: "unknown", why: "helm repo list says what lan is" }),
      says: [
        unknown(
          "it isn't known whether the repository lan has the chart csi-driver-nfs 4.13.4: helm repo list says what " +
            "lan is",
        ),
      ],
    },
    {
      title: "the right file",
      stack: file,
      facts: answered({ is: "file", name: "csi-driver-nfs", version: "v4.13.4" }),
      says: [ok("the chart csi-driver-nfs 4.13.4 is in ./charts/csi-driver-nfs-4.13.4.tgz")],
    },
    {
      title: "a file of another version",
      stack: file,
      facts: answered({ is: "file", name: "csi-driver-nfs", version: "4.12.0" }),
      says: [
        error(
          "./charts/csi-driver-nfs-4.13.4.tgz is the chart csi-driver-nfs 4.12.0, and backend nas wants " +
            "csi-driver-nfs 4.13.4",
          `set cluster-storage:backends.nas.version: 4.12.0, or fetch the other one: ${pull}`,
        ),
      ],
    },
    {
      title: "a file of another chart",
      stack: file,
      facts: answered({ is: "file", name: "longhorn", version: "4.13.4" }),
      says: [
        error(
          "./charts/csi-driver-nfs-4.13.4.tgz is the chart longhorn 4.13.4, and backend nas wants csi-driver-nfs " +
            "4.13.4",
          `fetch the right one: ${pull}`,
        ),
      ],
    },
    {
      title: "no file",
      stack: file,
      facts: answered({ is: "fault", why: "is not there" }),
      says: [
        error(
          "./charts/csi-driver-nfs-4.13.4.tgz, from which backend nas fetches the chart csi-driver-nfs 4.13.4 at " +
            "each preview and update, is not there",
          `fetch it: ${pull}`,
        ),
      ],
    },
  ]);
});
