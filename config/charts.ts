import { object, text } from "./fields";

/** Forms of the places from which Helm charts are fetched. */

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const addressForm = /^(https?|oci):\/\/[^\s/]/;
const folderForm = /^\.{1,2}(\/\S+)*$/;

/** What is wrong with an address, whatever it leads to. */
function addressFault(value: string): string | undefined {
  if (/^\w+:\/\/[^/]*@/.test(value))
    return (
      "has a user and a password in it, which would stand in the stack file and in Pulumi's state; log in with helm " +
      "instead (docs/charts.md)"
    );
  if (/^\//.test(value))
    return (
      `"${value}" is a path of one machine, and every other would see a change of the release; write it relative to ` +
      "the checkout, for instance ./charts"
    );
  return undefined;
}

/** A repository of charts: its URL, a registry's, a name that `helm repo add` gave, or a directory of the checkout. */
export const repository = text(
  (value) => {
    const fault = addressFault(value);
    if (fault) return fault;
    return addressForm.test(value) || nameForm.test(value) || folderForm.test(value)
      ? undefined
      : `"${value}" is not a repository of charts; write https://HOST/PATH, oci://HOST/PATH, the name that helm repo ` +
          "add gave it, or a directory of the checkout with the archives, such as ./charts";
  },
  { pattern: `^((https?|oci)://[^\\s/@][^\\s@]*|${nameForm.source.slice(1, -1)}|${folderForm.source.slice(1, -1)})$` },
);

/** One chart: at a registry, or a directory or archive of the checkout. */
export const chart = text(
  (value) => {
    const fault = addressFault(value);
    if (fault) return fault;
    if (/^https?:/.test(value))
      return `"${value}" is a URL; name the repository that the chart is in, in the key repository`;
    if (/^oci:/.test(value) && /:[^/]*$/.test(value.slice("oci://".length).replace(/^[^/]*/, "")))
      return `"${value}" ends with a version; leave it out here, and say it in the key version`;
    return /^(oci:\/\/[^\s/]+\/\S+|(?!\w+:)\S+)$/.test(value)
      ? undefined
      : `"${value}" is not a chart; write oci://HOST/PATH/NAME, or the path of a directory or a .tgz in the checkout`;
  },
  { pattern: "^(oci://[^\\s/@]+/[^\\s:@]+|(?!\\w+:)(?!/)\\S+)$" },
);

/** The section `cluster-storage:charts`. */
export const chartsSchema = object({
  mirror: repository.optional().meta({
    description:
      "One place that has the charts of all backends: `https://…`, `oci://…`, a name of `helm repo add`, or a " +
      "directory of the checkout with `NAME-VERSION.tgz`. A backend's own `repository` and `chart` win.",
    otherwise: "each backend's official repository",
  }),
});
