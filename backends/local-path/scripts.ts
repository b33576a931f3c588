import { stringify } from "yaml";

/** The scripts that local-path-provisioner runs on a node, as root, to make and to remove a volume's directory. */

/**
 * The beginning of both scripts. It accepts only a directory directly below one of the roots, with a name of the form
 * that the provisioner uses, so no request can lead a script anywhere else.
 */
function guard(roots: string[]): string {
  return `#!/bin/sh
set -eu
dir="\${VOL_DIR:-}"
refuse() {
  echo "refused to touch \\"$dir\\": $1" >&2
  exit 1
}
case "$dir" in
"" | /) refuse "that is no volume" ;;
/*) ;;
*) refuse "the path is relative" ;;
esac
case "$dir/" in
*//* | */./* | */../*) refuse "the path is not normal" ;;
esac
parent="\${dir%/*}"
case "$parent" in
${roots.join(" | ")}) ;;
*) refuse "it is not directly below ${roots.join(" or ")}" ;;
esac
case "\${dir##*/}" in
pvc-?*_?*_?*) ;;
*) refuse "its name is not that of a volume" ;;
esac
if [ -L "$dir" ]; then refuse "it is a symbolic link"; fi
if [ -e "$dir" ] && [ ! -d "$dir" ]; then refuse "it is not a directory"; fi
`;
}

/**
 * Makes the directory with the owner and mode that the claim asks for. If the claim asks for none, the directory is
 * open to all, as it is upstream.
 */
export function setupScript(roots: string[]): string {
  return `${guard(roots)}
user="\${VOL_USER:-}"
group="\${VOL_GROUP:-}"
mode="\${VOL_PERM:-0777}"
case "$user$group$mode" in
*[!0-9]*) refuse "owner $user:$group or mode $mode is not a number" ;;
esac
mkdir -p "$dir"
if [ -n "$user$group" ]; then chown "$user\${group:+:$group}" "$dir"; fi
chmod "$mode" "$dir"
`;
}

/** Removes the directory and everything in it. It runs only with reclaim policy Delete. */
export function teardownScript(roots: string[]): string {
  return `${guard(roots)}
rm -rf "$dir"
`;
}

/** The pod that runs the scripts. It runs as root to change owners, with only the capabilities that this needs. */
export function helperPod(image: string, imagePullSecrets?: readonly string[]): string {
  const capabilities = [
    "AUDIT_WRITE",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
  ];
  return stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: {
      priorityClassName: "system-node-critical",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // On a full disk the pod has to run too, because the removal of a volume frees space.
      tolerations: [{ key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" }],
      ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      containers: [
        {
          name: "helper-pod",
          image,
          imagePullPolicy: "IfNotPresent",
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            seccompProfile: { type: "RuntimeDefault" },
            capabilities: { drop: capabilities },
          },
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
        },
      ],
    },
  });
}
