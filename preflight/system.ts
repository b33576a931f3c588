import type { SystemFacts } from "../model/node-facts";

/** As the disks that Longhorn makes call themselves over iSCSI: what tgt, in which it serves them, is built with. */
export const longhornDisk = { vendor: "IET", product: "VIRTUAL-DISK" } as const;

/** The type that the policy of container-selinux lets containers write to. */
export const containerLabel = "container_file_t";

/** Types to which a confined container may write; the second is the first one's older name. */
const writable = [containerLabel, "svirt_sandbox_file_t"];

/** Domains of SELinux in which a container may do what any root may. */
const unconfined = ["spc_t", "unconfined_t", "unconfined_service_t", "container_runtime_t"];

/** The type in a label such as `system_u:object_r:var_t:s0`; undefined where the text is no label. */
export const labelType = (label: string): string | undefined => /^[\w.]+:[\w.]+:(\w+)(:|$)/.exec(label)?.[1];

/** Whether it is known that SELinux confines the node's containers. */
export const confines = ({ selinux: { enforcing, domain } }: SystemFacts): boolean =>
  enforcing && domain !== undefined && !unconfined.includes(domain);

/** Whether a container may write below a directory; undefined where the directory's label is not known. */
export function mayWrite(system: SystemFacts, path: string): boolean | undefined {
  const { enforcing, domain, labels } = system.selinux;
  if (!enforcing || (domain !== undefined && !confines(system))) return true;
  const label = labels[path];
  return label === undefined ? undefined : writable.includes(label);
}

interface Block {
  name: string;
  /** `devnode`, `vendor` and other keys, with their values, in their order. */
  values: [string, string][];
  blocks: Block[];
}

/**
 * Whether multipathd's settings except Longhorn's disks. `text`: multipath.conf and the files of conf.d, one after the
 * other. Form: multipath.conf(5) of multipath-tools.
 */
export function exceptsLonghorn(text: string): boolean {
  const sections = parse(text);
  const of = (name: string) => sections.filter((section) => section.name === name);
  return of("blacklist").some(covers) && !of("blacklist_exceptions").some(covers);
}

/** Whether a section names Longhorn's disks: every SCSI disk by the kernel's name, or them by what they say. */
function covers({ values, blocks }: Block): boolean {
  const names = values.filter(([key]) => key === "devnode").map(([, value]) => value);
  if (["sda", "sdz", "sdaa"].every((disk) => names.some((name) => matches(name, disk)))) return true;
  return blocks.some((block) => {
    const value = (wanted: string) => block.values.find(([key]) => key === wanted)?.[1];
    const [vendor, product] = [value("vendor"), value("product")];
    return (
      block.name === "device" &&
      (vendor ?? product) !== undefined &&
      (vendor === undefined || matches(vendor, longhornDisk.vendor)) &&
      (product === undefined || matches(product, longhornDisk.product))
    );
  });
}

/** As multipathd compares: a regular expression anywhere in the name, and the opposite with `!` in front. */
function matches(pattern: string, name: string): boolean {
  const negative = pattern.startsWith("!");
  try {
    return new RegExp(negative ? pattern.slice(1) : pattern).test(name) !== negative;
  } catch {
    return false;
  }
}

/** Words, quoted values and braces; a `#` or `!` at the beginning of a word makes the rest of the line a comment. */
const token = /"([^"]*)"|[{}]|[#!].*|[^\s{}"]+/g;

function parse(text: string): Block[] {
  const root: Block = { name: "", values: [], blocks: [] };
  const open = [root];
  for (const line of text.split("\n")) {
    let words: string[] = [];
    for (const [found, quoted] of line.matchAll(token)) {
      if (/^[#!]/.test(found)) break;
      if (found === "{") {
        const block: Block = { name: words[0] ?? "", values: [], blocks: [] };
        open.at(-1)!.blocks.push(block);
        open.push(block);
        words = [];
      } else if (found === "}") {
        if (open.length > 1) open.pop();
      } else words.push(quoted ?? found);
    }
    const [key, value] = words;
    if (key !== undefined && value !== undefined) open.at(-1)!.values.push([key, value]);
  }
  return root.blocks;
}
