import type { ClaimFacts, ClassFacts, VolumeFacts } from "../model/facts";
import type { NodeFacts } from "../model/node-facts";

/** A node that takes pods and of which nothing else is known. */
export const nodeFacts = (name: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  labels: {},
  annotations: {},
  taints: [],
  unschedulable: false,
  conditions: { Ready: "True", DiskPressure: "False" },
  kubeletVersion: "v1.36.3",
  osImage: "Debian GNU/Linux 13",
  kernelVersion: "6.12.0",
  capacity: {},
  allocatable: {},
  ...more,
});

/** A class that somebody else installed, and that is not the default. */
export const classFacts = (name: string, more: Partial<ClassFacts> = {}): ClassFacts => ({
  name,
  provisioner: "example.com/p",
  parameters: {},
  reclaimPolicy: "Delete",
  bindingMode: "Immediate",
  allowsExpansion: false,
  isDefault: false,
  isDefaultByBeta: false,
  labels: {},
  annotations: {},
  ...more,
});

/** A bound claim of 1Gi that belongs to no stack. */
export const claimFacts = (more: Partial<ClaimFacts> = {}): ClaimFacts => ({
  namespace: "default",
  name: "data",
  uid: "uid-of-claim",
  service: "",
  size: "1Gi",
  phase: "Bound",
  accessModes: ["ReadWriteOnce"],
  unprotected: false,
  deleting: false,
  annotations: {},
  ...more,
});

/** A volume of 1Gi that a provisioner made and that no claim has. */
export const volumeFacts = (more: Partial<VolumeFacts> = {}): VolumeFacts => ({
  name: "pvc-1",
  className: "",
  size: "1Gi",
  phase: "Available",
  reclaimPolicy: "Retain",
  accessModes: ["ReadWriteOnce"],
  provisioned: true,
  deleting: false,
  ...more,
});
