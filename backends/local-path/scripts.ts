import { stringify } from "yaml";

/** What local-path-provisioner runs on a node, as root, to make and to remove the directory of a volume. */

/**
 * Only a directory directly below one of the roots, with a name as the provisioner makes them, is a volume.
 * Both scripts begin with this, so that no message of theirs can lead anywhere else.
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
 * Makes the directory with the owner and mode that the claim asks for; open to all where it asks for none, as upstream
 * does.
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

/** Removes the directory and all that is in it. It runs for reclaim policy Delete only. */
export function teardownScript(roots: string[]): string {
  return `${guard(roots)}
rm -rf "$dir"
`;
}

/** The pod that runs them: root, because it gives directories away, and no more than that takes. */
export function helperPod(image: string): string {
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
      // A full disk is what a removal mends.
      tolerations: [{ key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" }],
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
