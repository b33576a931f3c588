import { deleteInstance } from "../../local-cluster/instance/instance";
import { isAlive } from "../../local-cluster/instance/processes";
import { instanceNames, readRecord } from "../../local-cluster/instance/record";

/**
 * Deletes the local clusters that suites under the name `base` (TEST_INSTANCE) left, because they were killed: those
 * whose test run is gone. Returns what could not be deleted, with the reason.
 */
export async function deleteLeftClusters(base: string): Promise<string[]> {
  const faults: string[] = [];
  const own = [base, `${base}-stack`];
  for (const name of instanceNames().filter((name) => own.includes(name))) {
    try {
      const record = readRecord(name);
      if (record && !record.durable && record.holder && !isAlive(record.holder)) await deleteInstance(name);
    } catch (error) {
      faults.push(`the local cluster "${name}" was left: ${(error as Error).message}`);
    }
  }
  return faults;
}
