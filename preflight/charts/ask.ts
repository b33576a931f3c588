import type { ChartPlan } from "../../model/chart-plan";
import type { ChartAnswer, ChartFound } from "../../model/preflight-facts";
import type { BackendPlan } from "../../model/storage";
import { readChart } from "./archive";
import { askPlace, inIndex, type Place } from "./place";

type Ask = (url: string, read?: boolean) => Promise<Place>;

/** Asks for each chart of the plan whether it can be fetched. Charts of one place ask it once. */
export async function askCharts(backends: readonly BackendPlan[]): Promise<ChartAnswer[]> {
  const places = new Map<string, Promise<Place>>();
  const once: Ask = (url, read) => {
    const answer = places.get(url) ?? askPlace(url, read);
    places.set(url, answer);
    return answer;
  };
  const charts = backends.flatMap(({ name: backend, install }) =>
    (install?.charts ?? []).map((chart) => ({ backend, chart })),
  );
  return Promise.all(
    charts.map(async ({ backend, chart }) => ({ backend, release: chart.release, found: await ask(chart, once) })),
  );
}

async function ask({ chart, version, source, official }: ChartPlan, once: Ask): Promise<ChartFound> {
  switch (source.kind) {
    case "file":
      return readChart(source.path);
    case "named":
      // What it leads to is in helm's own files, which the provider reads.
      return { is: "unknown", why: `helm repo list says what ${source.name} is` };
    case "repository":
      // The official ones have every version that there was.
      return inIndex(await once(`${source.url}/index.yaml`, source.url !== official), chart, version);
    case "registry":
      // Every registry answers there, if only by a refusal: https://github.com/opencontainers/distribution-spec
      return (await once(`https://${source.reference.slice("oci://".length).split("/")[0]}/v2/`)).found;
  }
}
