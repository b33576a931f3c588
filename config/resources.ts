import { object } from "./fields";
import { cpu, memory } from "./forms";

const amounts = object({
  cpu: cpu.optional().meta({ description: "Cores (`0.5`), or thousandths of a core (`500m`)." }),
  memory: memory.optional().meta({ description: "Memory, with its unit (`512Mi`)." }),
});
const catalogues = "the catalogue's";

/** CPU and memory of a service's container. */
export const resources = object({
  requests: amounts.default({}).meta({ description: "What the scheduler sets aside for it.", otherwise: catalogues }),
  limits: amounts.default({}).meta({ description: "What it can't exceed.", otherwise: catalogues }),
})
  .optional()
  .meta({ description: "CPU and memory.", otherwise: catalogues });
