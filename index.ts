import { backendTypes } from "./backends/catalogue";
import { guardArrival } from "./components/arrival";
import { createProvider } from "./components/provider";
import { createServices } from "./components/services";
import { Storage } from "./components/storage";
import { assertArrived } from "./kube/arrival";
import { readingOnce } from "./kube/api";
import { locate, readCluster } from "./kube/cluster";
import { lastCluster } from "./config/previous";
import { accept, readConfig } from "./config/read";
import { settle } from "./plan/cluster";
import { stackOutputs } from "./plan/outputs";
import { planStack } from "./plan/stack";
import { checkBeforeUpdate, startReading } from "./preflight/before-update";
import { catalogue } from "./services/catalogue";

/** `services`: those that the config may name. */
export = async (services = catalogue) => {
  const config = readConfig(services);
  const draft = accept(planStack(config, services, backendTypes));
  const api = locate(draft.cluster);
  const now = readingOnce(api);
  const reading = startReading(now, draft, config);
  const [cluster, deployedTo] = await Promise.all([readCluster(draft, now), lastCluster()]);
  const plan = accept(settle(draft, { ...cluster, deployedTo }));
  await checkBeforeUpdate(plan, config, reading);

  const provider = createProvider(plan.cluster);
  const storage = new Storage("storage", plan, { provider });
  createServices({ ...plan, storage, guard: guardArrival((moved) => assertArrived(api, moved)) }, { provider });

  return stackOutputs(plan);
};
