import type { ChartSource } from "../../model/chart-plan";
import type { ChartAnswer, ChartFound } from "../../model/preflight-facts";
import type { BackendPlan } from "../../model/storage";
import { readChart } from "./archive";
import { askPlace } from "./place";

/** Asks for each chart of the plan whether it can be fetched. Charts of one place ask it once. */
export async function askCharts(backends: readonly BackendPlan[]): Promise<ChartAnswer[]> {
  const places = new Map<string, Promise<ChartFound>>();
  const once = (url: string) => {
    const answer = places.get(url) ?? askPlace(url);
    places.set(url, answer);
    return answer;
  };
  const charts = backends.flatMap(({ name: backend, install }) =>
    (install?.charts ?? []).map(({ release, source }) => ({ backend, release, source })),
  );
  return Promise.all(charts.map(async ({ source, ...chart }) => ({ ...chart, found: await ask(source, once) })));
}

function ask(source: ChartSource, once: (url: string) => Promise<ChartFound>): ChartFound | Promise<ChartFound> {
  switch (source.kind) {
    case "file":
      return readChart(source.path);
    case "named":
      // What it leads to is in helm's own files, which the provider reads.
      return { is: "unknown", why: `helm repo list says what ${source.name} is` };
    case "repository":
      return once(`${source.url}/index.yaml`);
    case "registry":
      // Every registry answers there, if only by a refusal: https://github.com/opencontainers/distribution-spec
      return once(`https://${source.reference.slice("oci://".length).split("/")[0]}/v2/`);
  }
}
