import { startInstance } from "../../local-cluster/instance/instance";
import { silentProgress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";

/** `start-instance.ts NAME`: a start in a process of its own, for tests that kill it. */
async function main(name: string): Promise<void> {
  const tools = await ensureTools(silentProgress);
  process.stdout.write("starting\n");
  await startInstance(name, { tools, progress: silentProgress, durable: false });
}

void main(process.argv[2]!);
