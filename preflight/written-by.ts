import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../kube/api";
import type { Written } from "../model/engine-version";
import type { ClusterFacts } from "../model/facts";
import { writtenByAnnotation } from "../model/metadata";
import type { ServicePlan, StoragePlan } from "../model/plan";
import { unmarked } from "../plan/guard-version";

/** Notes on claims which engine writes to them. Nothing is noted in a preview. */
export interface Notes {
  /** What has run until now, before anything of it is taken away. */
  seen(): Promise<void>;
  /** What a service runs, once its workload is ready. */
  ready(service: ServicePlan, workload: pulumi.CustomResource): void;
}

export function notesOf(api: Api, plan: StoragePlan, facts: ClusterFacts): Notes {
  const note = async (namespace: string, claim: string, written: Written) => {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}?fieldManager=cluster-storage`;
    const annotations = { [writtenByAnnotation]: JSON.stringify(written) };
    const why = await api
      .ask(path, { method: "PATCH", body: { metadata: { annotations } } })
      .then(({ status }) => (status === 200 ? undefined : `status ${status}`))
      .catch((error: Error) => error.message);
    if (why !== undefined)
      void pulumi.log.warn(
        `claim ${claim} in namespace ${namespace} could not be marked with the engine that writes to it, ` +
          `${written.image} (${why}); the next update tries again`,
      );
  };
  return {
    seen: async () => {
      if (pulumi.runtime.isDryRun()) return;
      await Promise.all(unmarked(plan, facts).map(({ namespace, claim, written }) => note(namespace, claim, written)));
    },
    ready: ({ engine, namespace, claims }, workload) => {
      if (!engine || pulumi.runtime.isDryRun()) return;
      const marks = new Map(facts.claims.map((claim) => [`${claim.namespace}/${claim.name}`, claim.annotations]));
      const mark = JSON.stringify(engine.planned);
      const left = claims.filter(
        ({ name, ephemeral }) => !ephemeral && marks.get(`${namespace}/${name}`)?.[writtenByAnnotation] !== mark,
      );
      workload.id.apply(() => Promise.all(left.map(({ name }) => note(namespace, name, engine.planned))));
    },
  };
}
