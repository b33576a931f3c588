import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import type { ChartPlan, ChartSource } from "../model/chart-plan";
import type { ChartsInstall } from "../model/charts";
import type { InstallArgs } from "../model/installer";
import { metadata } from "../model/metadata";
import type { Owner } from "../model/plan";
import { Credentials } from "./credentials";
import { Namespace } from "./namespace";

/** In seconds. It has to cover image pulls and a first start on each node. */
const timeout = 900;

/** A storage engine from its official charts, in a namespace of its own that may run privileged pods. */
export class Charts extends pulumi.ComponentResource {
  constructor(name: string, { owner, install }: InstallArgs<ChartsInstall>, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Charts", name, {}, opts);
    const { namespace, protect, charts, objects } = install;
    const kept = { protect, retainOnDelete: protect };
    // Drivers mount volumes on the nodes, so their pods are privileged. They use ports that no chart states, so no
    // policy limits their traffic.
    const home = new Namespace(
      namespace,
      { owner, name: namespace, protect, podSecurity: "privileged", isolate: false },
      { parent: this },
    );
    const before = this.prepare(owner, install, home);
    const releases = charts.reduce<pulumi.Resource[]>(
      (earlier, chart) => [...earlier, release(chart, namespace, { parent: this, dependsOn: earlier, ...kept })],
      before,
    );
    for (const { apiVersion, kind, name, spec } of objects) {
      const meta = metadata(owner, install.namespace, "storage", name, namespace);
      new CustomResource(
        `${namespace}-${name}`,
        { apiVersion, kind, metadata: meta, spec },
        { parent: this, dependsOn: releases },
      );
    }
    this.registerOutputs();
  }

  private prepare(
    owner: Owner,
    { namespace, protect, secrets, configs }: ChartsInstall,
    home: Namespace,
  ): pulumi.Resource[] {
    const child = { parent: this, dependsOn: [home] };
    return [
      home,
      ...secrets.map(
        ({ name, credentials }) =>
          new Credentials(
            name,
            { owner, service: name, namespace, credentials, protect, after: [home] },
            { parent: this },
          ),
      ),
      ...configs.map(
        ({ name, data }) =>
          new ConfigMap(name, { metadata: metadata(owner, namespace, "storage", name, namespace), data }, child),
      ),
    ];
  }
}

function release(
  { release, chart, source, version, values }: ChartPlan,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): Release {
  return new Release(
    release,
    { name: release, namespace, ...fetched(chart, source), version, values, timeout, maxHistory: 5 },
    opts,
  );
}

/**
 * Where Helm fetches the chart. The provider looks for a path in the program's directory, so a relative one is the same
 * on every machine, and the state with it. A repository by name is one that `helm repo add` knows.
 */
function fetched(chart: string, source: ChartSource): Pick<ReleaseArgs, "chart" | "repositoryOpts"> {
  switch (source.kind) {
    case "repository":
      return { chart, repositoryOpts: { repo: source.url } };
    case "named":
      return { chart, repositoryOpts: { repo: source.name } };
    case "registry":
      return { chart: source.reference };
    case "file":
      return { chart: source.path };
  }
}
