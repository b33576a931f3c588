import { Job } from "@pulumi/kubernetes/batch/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation, labels, metadata, selector } from "../model/metadata";
import type { DatabasePlan, Owner } from "../model/plan";
import { checksum, type ChecksumKey } from "./credentials";
import { databaseName, databasePod } from "./database-pod";
import { egressTo } from "./network";
import { createSecret } from "./secret";

export interface DatabaseArgs {
  owner: Owner;
  database: DatabasePlan;
  /** The password of the role that owns the database. */
  password: pulumi.Output<string>;
  checksumKey: ChecksumKey;
}

/** A service's own role and database in a database service of the stack. A job in the server's namespace makes them. */
export class Database extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Database", name, {}, opts);
    const { owner, database, password, checksumKey } = args;
    const { namespace, service } = database;
    // Its pod waits for the server.
    const seconds = `${database.readyWithin}s`;
    const app = databaseName(database);
    const meta = metadata(owner, app, "database-setup", app, namespace);
    const secret = createSecret(app, { metadata: meta, stringData: { password } }, { parent: this });
    const to = [{ peer: { namespace, service }, ports: [database.port] }];
    const policy = new NetworkPolicy(
      app,
      {
        metadata: meta,
        spec: {
          podSelector: { matchLabels: selector(app) },
          policyTypes: ["Ingress", "Egress"],
          egress: egressTo(to, false),
        },
      },
      { parent: this },
    );
    new Job(
      app,
      {
        metadata: meta,
        spec: {
          backoffLimit: 10,
          template: {
            metadata: {
              labels: labels(owner, app, "database-setup"),
              annotations: { [checksumAnnotation]: checksum({ password }, checksumKey) },
            },
            spec: databasePod(database),
          },
        },
      },
      { parent: this, dependsOn: [secret, policy], customTimeouts: { create: seconds, update: seconds } },
    );
    this.registerOutputs();
  }
}
