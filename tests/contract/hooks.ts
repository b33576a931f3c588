import { ensureImages } from "../../local-cluster/images/images";
import { deleteInstance, importImages, startInstance } from "../../local-cluster/instance/instance";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import { assertUnused, skipWithoutLocalCluster } from "../local-cluster";
import { catalogue } from "../../services/catalogue";
import { localImagesOf } from "../../services/shared/local-image";
import { contractInstance as instance } from "./environment";

const progress = consoleProgress();
let started = false;

/** Gives the contract suite a local cluster, unless the environment names another (see environment.ts). */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    if (process.env.CONTRACT_KUBECONFIG) return;
    skipWithoutLocalCluster(this);
    assertUnused(instance);
    // The first run on a machine builds tools and images.
    this.timeout(2_400_000);
    const tools = await ensureTools(progress);
    const images = await ensureImages(localImagesOf(catalogue, false), tools, progress);
    await deleteInstance(instance, progress);
    started = true;
    const { kubeconfig } = await startInstance(instance, { tools, progress, durable: false });
    await importImages(instance, images.archives);
    process.env.CONTRACT_KUBECONFIG = kubeconfig;
    process.env.CONTRACT_IMAGE = images.pause;
    process.env.CONTRACT_SHELL_IMAGE = images.helper;
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    if (started) await deleteInstance(instance, progress);
  },
};
