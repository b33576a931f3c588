/** What of the update is the one thing that is changed. */
export const terminationGracePeriod = `    ~ kubernetes:apps/v1:Deployment: (update)
        [id=one-search/searxng]
        [urn=urn:pulumi:one::cluster-storage::cluster-storage:index:StatefulService$kubernetes:apps/v1:Deployme\
nt::searxng]
        [provider=urn:pulumi:one::cluster-storage::pulumi:providers:kubernetes::cluster::UUID]
      ~ spec: {
          ~ template: {
              ~ spec: {
                  ~ terminationGracePeriodSeconds: 30 => 31
                }
            }
        }
Resources:
    ~ 1 updated
    28 unchanged`;

export const impactOf = (
  stack: string,
  workloads: string | undefined,
  unchanged: number,
) => `<!-- cluster-storage impact ${stack} -->
### Data impact on \`${stack}\`

✅ stack "${stack}": no data is lost or left unprotected

| volume | | size | class | note |
|---|---|---|---|---|
| \`${stack}-cache/redis-data\` | kept | 1Gi | local-path |  |
| \`${stack}-search/searxng-data\` | kept | 1Gi | two-stacks |  |

${workloads ? `**Workloads**\n\n- ${workloads}\n\n` : ""}The rest: ${unchanged} unchanged.`;

/** What a deployment of a stack says whose Redis and SearXNG it verifies. */
export function summaryOf(
  stack: string,
  said: { workloads?: string; unchanged: number; update: string; verified?: string; redis?: string },
): string {
  return `### ${stack}

${impactOf(stack, said.workloads, said.unchanged)}

<details><summary>The update</summary>

\`\`\`text
Updating (${stack}):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:${stack}::cluster-storage::pulumi:pulumi:Stack::cluster-storage-${stack}]
${said.update}

Policy Packs run:
    Name  Version
    cluster-storage|local|policy  0.1.0

Duration: N s
\`\`\`

</details>

${said.verified ?? "Every service's data outlived its pod"}

<details><summary>Verify</summary>

\`\`\`text
${said.redis ?? "✓ redis N s  wrote VALUE, replaced the pod, read VALUE from the same volume"}
✓ searxng N s  wrote VALUE, replaced the pod, read VALUE from the same volume
\`\`\`

</details>

<details><summary>Status</summary>

\`\`\`text
SERVICE  NAMESPACE  KIND  CLAIM  CLASS  SIZE  PHASE  NODE  POD  STATE  IMAGE
redis  ${stack}-cache  Deployment  redis-data  local-path  1Gi  Bound  local  redis-POD  ready  IMAGE
searxng  ${stack}-search  Deployment  searxng-data  two-stacks  1Gi  Bound  local  searxng-POD  ready  IMAGE
2 of 2 claims Bound, 2 of 2 services ready
\`\`\`

</details>

`;
}
