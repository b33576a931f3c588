import assert from "node:assert/strict";
import { planOf } from "../stack";
import { service } from "./plan-fixture";

const egressOf = (entries: string) => service(`    redis: { size: 1Gi, egress: [${entries}] }`, "redis").network.egress;

const frontOf = (settings: string) => {
  const { front, network } = service(`    redis: { size: 1Gi, service: { ${settings} } }`, "redis");
  return { front, outside: network.outside };
};

describe("a service's network settings", () => {
  describe("what it may reach", () => {
    const nas = { blocks: [{ cidr: "192.168.1.0/24" }] };
    const table: [string, object[]][] = [
      ["{ cidr: 192.168.1.0/24 }", [{ to: nas }]],
      [
        "{ cidr: 192.168.1.20, ports: ['11434', 53/udp] }",
        [
          {
            to: { blocks: [{ cidr: "192.168.1.20/32" }] },
            ports: [
              { protocol: "TCP", port: 11434 },
              { protocol: "UDP", port: 53 },
            ],
          },
        ],
      ],
      [
        "{ cidr: 'FD00:1::/32', except: ['fd00:1:0::/48'] }",
        [{ to: { blocks: [{ cidr: "fd00:1::/32", except: ["fd00:1::/48"] }] } }],
      ],
      [
        "{ namespace: ollama, pods: { app: ollama }, ports: [11434] }",
        [{ to: { namespace: "ollama", pods: { app: "ollama" } }, ports: [{ protocol: "TCP", port: 11434 }] }],
      ],
      [
        "{ internet: true, ports: [587] }",
        [
          {
            to: {
              blocks: [
                {
                  cidr: "0.0.0.0/0",
                  except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"],
                },
                { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] },
              ],
            },
            ports: [{ protocol: "TCP", port: 587 }],
          },
        ],
      ],
    ];
    for (const [entry, expected] of table) it(entry, () => assert.deepEqual(egressOf(entry), expected));

    it("is the same for a port in quotes and one without", () =>
      assert.deepEqual(egressOf("{ namespace: o, ports: [11434] }"), egressOf("{ namespace: o, ports: ['11434'] }")));

    it("is nothing more where the config says nothing", () => {
      const { network, front } = service("    redis: { size: 1Gi }", "redis");
      assert.deepEqual({ network, front }, { network: { from: [], to: [], internet: false }, front: undefined });
    });
  });

  describe("who reaches it from outside", () => {
    const ranges = "loadBalancerSourceRanges: [192.168.1.0/24, 10.0.0.7]";
    const checked = ["192.168.1.0/24", "10.0.0.7/32"];

    it("is nobody without a type, whatever annotations there are", () =>
      assert.deepEqual(frontOf("annotations: { a: b }"), {
        front: { type: "ClusterIP", annotations: { a: "b" } },
        outside: undefined,
      }));

    it("is who has an address in the ranges, by a port of the nodes", () =>
      assert.deepEqual(frontOf(`type: NodePort, nodePorts: { redis: "30001" }, ${ranges}`), {
        front: { type: "NodePort", nodePorts: { redis: 30001 }, externalTrafficPolicy: "Local" },
        outside: checked,
      }));

    it("is the same by a load balancer, which keeps to the ranges too", () =>
      assert.deepEqual(frontOf(`type: LoadBalancer, loadBalancerClass: tailscale, ${ranges}`), {
        front: {
          type: "LoadBalancer",
          loadBalancerClass: "tailscale",
          externalTrafficPolicy: "Local",
          loadBalancerSourceRanges: checked,
        },
        outside: checked,
      }));

    it("is up to the load balancer alone where nodes hide the address of who connects", () =>
      assert.deepEqual(frontOf(`type: LoadBalancer, externalTrafficPolicy: Cluster, ${ranges}`), {
        front: { type: "LoadBalancer", externalTrafficPolicy: "Cluster", loadBalancerSourceRanges: checked },
        outside: ["0.0.0.0/0", "::/0"],
      }));

    it("is warned of where passwords and data would be in plain text on the way", () => {
      const warnings = (tls: string) =>
        planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: { size: 1Gi, tls: ${tls}, service: { type: NodePort, ${ranges} } } }`).warnings;
      assert.deepEqual(warnings("true"), []);
      assert.deepEqual(warnings("false"), [
        "services.redis.service: connections from outside are not encrypted, so passwords and data can be read on " +
          "the way; set tls: true (docs/in-flight.md)",
      ]);
    });
  });
});
