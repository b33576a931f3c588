// The program that serves the backups' metrics. The environment variable METRICS holds its task.
import { metricsPort } from "../../model/metrics";
import { Api, inCluster } from "../wire/api";
import { metricsServer } from "./serve";

// Prometheus waits for ten seconds.
const server = metricsServer(new Api(inCluster(), { patience: 8000 }), JSON.parse(process.env.METRICS ?? "null"));
process.on("SIGTERM", () => process.exit(0));
server.listen(metricsPort);
