import { startInstance } from "../../cluster/instance/instance";
import { silentProgress } from "../../cluster/progress";
import { ensureTools } from "../../cluster/tools";

/** `start-instance.ts NAME`: a start in a process of its own, for tests that kill it. */
async function main(name: string): Promise<void> {
  const tools = await ensureTools(silentProgress);
  process.stdout.write("starting\n");
  await startInstance(name, { tools, progress: silentProgress, durable: false });
}

void main(process.argv[2]!);
