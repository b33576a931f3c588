import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { namesOf, type LocalPathInstall } from "./install";
import { metadata } from "../../model/metadata";
import { provisionerPod, provisionerTemplate } from "./pod";
import { apiServer } from "../../components/network";
import { grantRights } from "./roles";
import { Namespace } from "../../components/namespace";
import type { InstallArgs } from "../../model/installer";

/** local-path-provisioner. For each claim it makes a directory on a node, with a short-lived helper pod. */
export class LocalPathProvisioner extends pulumi.ComponentResource {
  constructor(name: string, args: InstallArgs<LocalPathInstall>, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:LocalPathProvisioner", name, {}, opts);
    const { owner, install, apiPorts } = args;
    const names = namesOf(name, install);
    const { app } = names;
    const meta = (object: string) => metadata(owner, app, "provisioner", object, install.namespace);
    // The helper pods mount the nodes' directories, and only the level `privileged` allows that.
    const namespace = new Namespace(
      install.namespace,
      { owner, name: install.namespace, protect: false, podSecurity: "privileged" },
      { parent: this },
    );
    const child = { parent: this, dependsOn: [namespace] };
    const config = new ConfigMap(names.config, { metadata: meta(names.config), data: install.files }, child);
    const account = new ServiceAccount(
      names.account,
      { metadata: meta(names.account), automountServiceAccountToken: false },
      child,
    );
    const helper = new ServiceAccount(
      names.helperAccount,
      { metadata: meta(names.helperAccount), automountServiceAccountToken: false },
      child,
    );
    const rights = grantRights(owner, install.rights, names, child);
    const policy = new NetworkPolicy(
      app,
      { metadata: meta(app), spec: { podSelector: {}, policyTypes: ["Egress"], egress: [apiServer(apiPorts)] } },
      child,
    );
    new Deployment(
      app,
      {
        metadata: meta(app),
        spec: {
          // The provisioner has no leader election, so two at a time would make a volume twice.
          replicas: 1,
          strategy: { type: "Recreate" },
          ...provisionerTemplate(owner, names, install, provisionerPod(names, install)),
        },
      },
      { parent: this, dependsOn: [config, account, helper, policy, ...rights] },
    );
    this.registerOutputs();
  }
}
