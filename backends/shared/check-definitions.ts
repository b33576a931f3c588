import type { Check, CheckResult } from "../../model/backend";
import type { LeftOut } from "../../model/chart-plan";
import type { PreflightFacts } from "../../model/preflight-facts";
import { foreignDefinitions, type Installed } from "../../plan/left-out";
import { listed, results } from "../../preflight/results";

/** Says which definitions a chart leaves out, because they are in the cluster and not the release's own. */
export function definitionsCheck(type: string): Check {
  const id = `${type}-definitions`;
  return {
    id,
    group: type,
    run({ name, facts, plan }) {
      const { unread } = results(id);
      const install = plan.backends.find((backend) => backend.name === name)?.install;
      const namespace = install?.namespace ?? "";
      const all = (install?.charts ?? []).flatMap((chart) =>
        (chart.leavesOut ?? []).map((one) => ({ installed: { chart, namespace }, one })),
      );
      if (all.length === 0) return [];
      if (!facts.releases) return [unread("CustomResourceDefinitions")];
      return all.map(({ installed, one }) => judge(id, installed, one, facts));
    },
  };
}

function judge(id: string, installed: Installed, one: LeftOut, { releases = {} }: PreflightFacts): CheckResult {
  const { ok, warning } = results(id);
  const foreign = foreignDefinitions(installed, one, releases);
  const kinds = listed(one.definitions);
  if (foreign.length === 0) return ok(`${kinds} come with the release ${installed.chart.release}`);
  const owners = [...new Set(foreign.map((name) => releases[name] || "no Helm release"))];
  const are = foreign.length === 1 ? "is" : "are";
  const where = `${listed(foreign)} ${are} in the cluster already, of ${listed(owners)}`;
  const missing = one.definitions.filter((name) => releases[name] === undefined);
  if (missing.length === 0) return ok(`${where}, so the release ${installed.chart.release} leaves them out`);
  return warning(
    `${where}, so the release ${installed.chart.release} leaves all of them out, and ${listed(missing)} ` +
      `${missing.length === 1 ? "is" : "are"} missing`,
    "let what made the others make them too, or hand the others over to this release, which changes nothing in them: " +
      `kubectl label crd ${foreign.join(" ")} --overwrite app.kubernetes.io/managed-by=Helm && ` +
      `kubectl annotate crd ${foreign.join(" ")} --overwrite meta.helm.sh/release-name=${installed.chart.release} ` +
      `meta.helm.sh/release-namespace=${installed.namespace}`,
  );
}
