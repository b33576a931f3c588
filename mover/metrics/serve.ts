import http from "node:http";
import type { MetricsTask } from "../../model/metrics";
import { errorOf } from "../faults";
import type { Claim } from "../orchestrate/objects";
import type { Api, Path } from "../wire/api";
import { describeMetrics, type Measured } from "./describe";

/** Reads what the services' claims say. A claim that isn't there says nothing. Throws where the API can't be asked. */
const measure = (api: Api, { services }: MetricsTask): Promise<Measured[]> =>
  Promise.all(
    services.map(async (service) => {
      const paths = service.claims.map((name): Path<Claim> => ({
        path: `/api/v1/namespaces/${service.namespace}/persistentvolumeclaims/${name}`,
      }));
      const found = await Promise.all(paths.map((path) => api.find(path)));
      return { service, claims: found.filter((claim) => claim !== undefined) };
    }),
  );

/**
 * Serves the metrics on /metrics, as they are at that moment. Where the claims can't be read the answer is 503, which
 * Prometheus tells of as a target that is down.
 */
export const metricsServer = (api: Api, task: MetricsTask): http.Server =>
  http.createServer((request, response) => {
    const answer = (status: number, text: string, type = "text/plain; charset=utf-8") =>
      void response.writeHead(status, { "content-type": type }).end(text);
    if (request.method !== "GET") return answer(405, "only GET\n");
    if (request.url === "/ready") return answer(200, "ready\n");
    if (request.url?.split("?")[0] !== "/metrics") return answer(404, "the metrics are at /metrics\n");
    measure(api, task).then(
      (measured) => answer(200, describeMetrics(measured, new Date()), "text/plain; version=0.0.4; charset=utf-8"),
      (error) => answer(503, `the services' claims can't be read: ${errorOf(error).message}\n`),
    );
  });
