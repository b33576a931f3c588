import type { ImpactPreview, KubernetesInputs, ResourceState } from "../../../ops/impact/changes";

/**
 * Keeps only what the report reads of a recorded `pulumi preview --json --show-sames`: a full recording has two
 * thousand lines for each service.
 * To record a preview anew: node --require ./transpile.cjs tests/ops/impact/record.ts NAME < PREVIEW
 */
export function shorten({ config, steps, diagnostics }: ImpactPreview): ImpactPreview {
  return {
    config: Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith("cluster-storage:"))),
    steps: steps.map(({ op, urn, oldState, newState, replaceReasons, detailedDiff }) =>
      defined({
        op,
        urn,
        oldState: oldState && state(oldState),
        newState: newState && state(newState),
        replaceReasons,
        detailedDiff,
      }),
    ),
    diagnostics,
  };
}

function state({ type, id, inputs, outputs, protect, retainOnDelete }: ResourceState): ResourceState {
  const name = outputs?.spec?.storageClassName;
  return defined({
    type,
    id,
    inputs: inputs && object(inputs),
    outputs: name === undefined ? undefined : { spec: { storageClassName: name } },
    protect,
    retainOnDelete,
  });
}

function object({ metadata, spec }: KubernetesInputs): KubernetesInputs {
  const { name, namespace, labels } = metadata ?? {};
  const { accessModes, storageClassName, resources, template } = spec ?? {};
  const { containers, volumes } = template?.spec ?? {};
  const pod = template && {
    spec: defined({
      containers: containers?.map(({ name, image, env }) =>
        defined({ name, image, env: env?.filter((each) => each.name === "MOVE") }),
      ),
      volumes,
    }),
  };
  return {
    metadata: defined({
      name,
      namespace,
      labels: labels && { "app.kubernetes.io/name": labels["app.kubernetes.io/name"]! },
    }),
    spec: defined({ accessModes, storageClassName, resources, template: pod }),
  };
}

/** Leaves out properties that are undefined, null, or false and so say nothing. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null)) as T;
}
