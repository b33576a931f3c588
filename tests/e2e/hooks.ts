import { removeCluster } from "./fixture";
import { skipWithoutLocalCluster } from "../local-cluster";

/** Around all files of the cluster suite. */
export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    skipWithoutLocalCluster(this);
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    await removeCluster();
  },
};
