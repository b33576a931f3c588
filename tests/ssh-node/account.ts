import type { SshNode } from "./node";

/** An account that may log in with root's key. `rule`: its line in /etc/sudoers; without one it may not use sudo. */
export async function addAccount({ run }: SshNode, name: string, rule = ""): Promise<void> {
  const script = `
grep -q '^${name}:' /etc/passwd || echo '${name}:x:1000:1000::/home/${name}:/bin/sh' >> /etc/passwd
mkdir -p /home/${name}/.ssh /etc/sudoers.d /etc/pam.d
cp /root/.ssh/authorized_keys /home/${name}/.ssh
chown -R 1000:1000 /home/${name}
echo '${rule}' > /etc/sudoers.d/${name}
chmod 440 /etc/sudoers.d/${name}
for kind in auth account session password; do echo "$kind required pam_permit.so"; done > /etc/pam.d/sudo
cp /etc/pam.d/sudo /etc/pam.d/other
`;
  await run(["sh", "-c", script]);
}
