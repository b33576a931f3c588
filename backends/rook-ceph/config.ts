import { z } from "zod";
import { count, filledList, flag, nonEmpty, object, record } from "../../config/fields";
import { nameForm, nodePath } from "../../config/forms";
import { chartRepository, chartSettings, oneChart } from "../shared/charts";
import { classSettings } from "../shared/classes";

export const rookCharts = "https://charts.rook.io/release";
export const driversCharts = "https://ceph.github.io/ceph-csi-operator";

const operator = oneChart("operator");
const drivers = oneChart("drivers");

const device = nonEmpty("name a disk, for instance sdb or /dev/disk/by-id/…");

/** A rook-ceph backend's entry in the stack config. */
export const schema = object({
  type: z.literal("rook-ceph"),
  ...classSettings,
  ...chartSettings("v1.20.6", rookCharts),
  operatorChart: operator.chart,
  operatorValues: operator.values,
  driversVersion: nonEmpty("a version is for instance 1.0.4")
    .default("1.0.4")
    .describe("Version of the chart with the CSI drivers, which Rook installs beside its own since 1.20."),
  driversRepository: chartRepository(driversCharts),
  driversChart: drivers.chart,
  driversValues: drivers.values,
  replicas: count(1, 10).default(3).describe("Copies of each object, on as many nodes."),
  nodes: record(filledList(device, "name the node's disks, or leave the node out"), nameForm)
    .default({})
    .describe("Disks that Ceph takes whole and for itself, by node. Only empty ones are taken."),
  deviceFilter: nonEmpty("write a pattern, for instance ^sd[b-z]$").optional().meta({
    description: "Instead of `nodes`: a pattern of names of disks on any node, such as `^sd[b-z]$`.",
  }),
  path: nodePath.default("/var/lib/rook").describe("Where the nodes keep the monitors' data."),
  encrypted: flag
    .default(false)
    .describe("Volumes are encrypted with keys under a generated passphrase, which is kept in state and cluster."),
});

export type CephConfig = z.infer<typeof schema>;
