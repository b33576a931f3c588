import type { Engine } from "../protocol/engine";
import type { Provider } from "../protocol/provider";
import { check } from "./check";
import { checkConfig, diffConfig } from "./config";
import { Cluster } from "./cluster";
import type { Context } from "./context";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { refuseUnsupported } from "./kinds";
import { read } from "./read";
import { readSettings } from "./settings";
import { update } from "./update";

/** The stand-in for @pulumi/kubernetes. It handles any kind that the API server has, with server-side apply. */
export function kubernetesProvider(version: string): Provider {
  const cancel = new AbortController();
  let current: Context | undefined;
  const context = (): Context => {
    if (!current) throw new Error("the provider was not configured");
    return current;
  };
  return {
    version,
    checkConfig: async (urn, news) => checkConfig(urn, news),
    diffConfig: async (olds, news) => diffConfig(olds, news),
    async configure(inputs, engine: Engine) {
      const settings = readSettings(inputs);
      const warned = new Set<string>();
      current = {
        settings,
        engine,
        cluster: new Cluster(settings, engine),
        cancelled: cancel.signal,
        warnOnce(text) {
          if (!warned.has(text)) engine.log("warning", text);
          warned.add(text);
        },
      };
    },
    async check(request) {
      const { cluster, settings } = context();
      return { inputs: await check(request, cluster, settings.namespace), failures: [] };
    },
    diff: (request) => diff(request, context()),
    create: (request) => create(request, context()),
    read: (request) => read(request, context()),
    update: (request) => update(request, context()),
    delete: (request) => remove(request, context()),
    async invoke({ token }) {
      refuseUnsupported(token);
      throw new Error(`${token} is not supported by the stand-in kubernetes plugin of the local cluster`);
    },
    cancel: () => cancel.abort(),
  };
}
