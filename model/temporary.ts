/** A volume of a pod, as far as it tells whether it is for temporary files. */
interface PodVolume {
  name: string;
  emptyDir?: { medium?: string; sizeLimit?: string };
}

/** The name of the pod's volume of a directory for temporary files. */
export const scratchName = (i: number) => `scratch-${i}`;

/** Whether a directory of the pod is for temporary files, or is memory. Any other emptyDir of our pods is for data. */
export const isTemporary = ({ name, emptyDir }: PodVolume): boolean =>
  /^scratch-\d+$/.test(name) || emptyDir?.medium === "Memory";
