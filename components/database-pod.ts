import type { types } from "@pulumi/kubernetes";
import type { DatabasePlan } from "../model/plan";
import { passFields } from "../plan/settings/pod";
import { createDatabaseContainer } from "./database-scripts";
import { podDefaults } from "./pod-defaults";
import { authorityVolume } from "./tls-volumes";

/** What a database's objects are called. An object's name has no underscore. */
export const databaseName = ({ service, name }: DatabasePlan) => `${service}-database-${name.replaceAll("_", "-")}`;

/** The pod that makes a service's role and database in the server. */
export const databasePod = (database: DatabasePlan): types.input.core.v1.PodSpec => ({
  ...podDefaults(database.identity),
  ...passFields(database.pod),
  restartPolicy: "OnFailure",
  containers: [createDatabaseContainer(databaseName(database), database)],
  ...(database.tls && { volumes: [authorityVolume] }),
});
