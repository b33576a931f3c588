import type { V1Namespace, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { Questions } from "../../model/preflight-facts";
import { host, probeScript } from "./script";

/** The namespace that is made for the probe and then removed with everything in it. */
export const namespace = "cluster-storage-preflight";

const marks = { "app.kubernetes.io/name": "preflight", "app.kubernetes.io/part-of": "cluster-storage" };

/** Whether an answer needs a look at the node's own file system. */
export const looksAtNode = ({ paths = [], programs = [], disks = false }: Questions): boolean =>
  disks || paths.length + programs.length > 0;

/** The probe's namespace. Pods that mount directories of a node are admitted only where the namespace says so. */
export function probeNamespace(questions: Questions): V1Namespace {
  const level = looksAtNode(questions) ? "privileged" : "baseline";
  return { metadata: { name: namespace, labels: { ...marks, "pod-security.kubernetes.io/enforce": level } } };
}

/** Whether a namespace of that name was made for the probe. */
export const isProbeNamespace = ({ metadata }: V1Namespace) =>
  Object.entries(marks).every(([label, value]) => metadata?.labels?.[label] === value);

/** A pod on one node without privileges. It reads as root, and the node's file system is mounted read-only. */
export function nodePod(node: string, image: string, questions: Questions): V1Pod {
  return pod("node", node, image, ["sh", "-c", probeScript(questions)], {
    volume: { hostPath: { path: "/", type: "Directory" } },
    mountPath: host,
    uid: 0,
  });
}

/** A pod that starts where the kubelet can mount what the server exports. */
export function exportPod(node: string, image: string, server: string, share: string): V1Pod {
  return pod("export", node, image, ["true"], {
    volume: { nfs: { server, path: share, readOnly: true } },
    mountPath: "/export",
    uid: 65534,
  });
}

interface Mounted {
  volume: object;
  mountPath: string;
  uid: number;
}

function pod(
  kind: string,
  nodeName: string,
  image: string,
  command: string[],
  { volume, mountPath, uid }: Mounted,
): V1Pod {
  const spec: V1PodSpec = {
    nodeName,
    // It looks at each node that is Ready, whatever the node keeps away.
    tolerations: [{ operator: "Exists" }],
    restartPolicy: "Never",
    activeDeadlineSeconds: 60,
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [
      {
        name: "probe",
        image,
        command,
        volumeMounts: [
          { name: "seen", mountPath, readOnly: true, ...(kind === "node" && { mountPropagation: "HostToContainer" }) },
        ],
        securityContext: {
          runAsUser: uid,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
      },
    ],
    volumes: [{ name: "seen", ...volume }],
  };
  return { metadata: { generateName: `${kind}-`, namespace, labels: marks }, spec };
}
