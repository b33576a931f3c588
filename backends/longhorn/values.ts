import { decided, staysOff, type ValueRule } from "../shared/chart-values";

const classByProgram = "the program makes the class, so that exactly one is the default; set class and default";
const deletesCopies =
  "Longhorn would delete files of copies that it knows nothing of, which after a new installation are all the data";
/** Longhorn 1.10 and later name what is deleted, in a list with semicolons. */
const copies = (value: unknown) => /replica/.test(String(value));

/** Values of Longhorn that would take away data or what the plan needs; see the chart's values.yaml. */
export const longhornRules: ValueRule[] = [
  staysOff("persistence.createStorageClass", classByProgram),
  staysOff("persistence.defaultClass", classByProgram),
  decided("namespaceOverride", "the plan's Secrets and checks are for the namespace longhorn-system"),
  decided("defaultSettings.defaultDataPath", "the key dataPath decides it; set that instead"),
  decided("csi.kubeletRootDir", "the key kubeletDirectory decides it; set that instead"),
  staysOff(
    "defaultSettings.deletingConfirmationFlag",
    "with it, removing the release deletes every volume; set it by hand, at the moment that you mean it",
  ),
  staysOff("defaultSettings.orphanAutoDeletion", deletesCopies),
  { path: "defaultSettings.orphanResourceAutoDeletion", refuses: copies, because: deletesCopies },
];
