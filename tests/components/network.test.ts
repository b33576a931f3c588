import { backendTypes } from "../../backends/catalogue";
import assert from "node:assert/strict";
import { Storage } from "../../components/storage";
import { settle } from "../../plan/cluster";
import type { ClusterFacts } from "../../model/facts";
import { planOf } from "../stack";
import { deploy } from "./deployed";
import { one, record } from "./recorded";

const redis = async (settings: string) => deploy(`    redis: { size: 1Gi${settings} }`);
const front = async (settings: string) => one(await redis(`, service: { ${settings} }`), "Service", "redis");
const ranges = "loadBalancerSourceRanges: [192.168.1.0/24]";

describe("the Service in front of a service", () => {
  it("is reached from the cluster alone, and says nothing of the way in from outside", async () => {
    const { inputs } = one(await redis(""), "Service", "redis");
    assert.deepEqual(inputs.spec, {
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": "redis" },
      ports: [{ name: "redis", port: 6379, targetPort: "redis", protocol: "TCP" }],
    });
  });

  it("has the type, the port and the annotations of the config, and Pulumi waits for no address", async () => {
    const { inputs, opts } = await front(
      `type: NodePort, nodePorts: { redis: 30001 }, annotations: { example.com/a: b }, ${ranges}`,
    );
    assert.deepEqual(
      { type: inputs.spec.type, policy: inputs.spec.externalTrafficPolicy, ports: inputs.spec.ports },
      {
        type: "NodePort",
        policy: "Local",
        ports: [{ name: "redis", port: 6379, targetPort: "redis", protocol: "TCP", nodePort: 30001 }],
      },
    );
    assert.deepEqual(inputs.metadata.annotations, {
      "example.com/a": "b",
      "cluster-storage/stack": "cluster-storage/test",
      "pulumi.com/skipAwait": "true",
    });
    assert.equal(opts.replaceOnChanges, undefined);
  });

  it("is made anew for another class of load balancer, which Kubernetes can't change", async () => {
    const { inputs, opts } = await front(`type: LoadBalancer, loadBalancerClass: tailscale, ${ranges}`);
    assert.equal(inputs.spec.loadBalancerClass, "tailscale");
    assert.deepEqual(inputs.spec.loadBalancerSourceRanges, ["192.168.1.0/24"]);
    assert.deepEqual(opts.replaceOnChanges, ["spec.loadBalancerClass"]);
    assert.equal(opts.deleteBeforeReplace, true);
  });

  it("leaves the headless Service of a StatefulSet as it is", async () => {
    const all = await deploy(`    postgres: { size: 1Gi, service: { type: LoadBalancer, ${ranges} } }`);
    const { metadata, spec } = one(all, "Service", "postgres-headless").inputs;
    assert.deepEqual([spec.type, spec.clusterIP, spec.loadBalancerSourceRanges], [undefined, "None", undefined]);
    assert.deepEqual(Object.keys(metadata.annotations), ["cluster-storage/stack", "pulumi.com/skipAwait"]);
    assert.equal(one(all, "Service", "postgres").inputs.spec.type, "LoadBalancer");
  });
});

describe("a service's network policy", () => {
  const policy = async (settings: string) => one(await redis(settings), "NetworkPolicy", "redis").inputs.spec;

  it("lets in who may reach the service from outside", async () => {
    const { ingress } = await policy(`, service: { type: LoadBalancer, ${ranges} }`);
    assert.deepEqual(ingress, [
      {
        from: [{ podSelector: {} }, { ipBlock: { cidr: "192.168.1.0/24" } }],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
  });

  it("lets out to what the config names, beside DNS", async () => {
    const { egress } = await policy(
      ", egress: [{ namespace: ollama, pods: { app: ollama }, ports: ['11434'] }, " +
        "{ cidr: 'fd00::/64', ports: [1-9/udp] }]",
    );
    assert.deepEqual(egress.slice(1), [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ollama" } },
            podSelector: { matchLabels: { app: "ollama" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 11434 }],
      },
      { to: [{ ipBlock: { cidr: "fd00::/64" } }], ports: [{ protocol: "UDP", port: 1, endPort: 9 }] },
    ]);
  });

  it("lets a whole range be reached on every port where no port is named", async () => {
    const { egress } = await policy(", egress: [{ cidr: 192.168.1.20 }]");
    assert.deepEqual(egress.at(-1), { to: [{ ipBlock: { cidr: "192.168.1.20/32" } }] });
  });

  it("lets out to web servers by both families of addresses where the catalogue says internet", async () => {
    const all = await deploy("    searxng: { size: 1Gi }");
    const { egress } = one(all, "NetworkPolicy", "searxng").inputs.spec;
    assert.deepEqual(egress.at(-1), {
      to: [
        {
          ipBlock: {
            cidr: "0.0.0.0/0",
            except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"],
          },
        },
        { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
      ],
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 443 },
      ],
    });
  });
});

describe("the network policy of what talks to the API server", () => {
  const facts = { classes: [], claims: [], volumes: [] };
  const settled = (about: Partial<ClusterFacts>, backend = "") =>
    settle(
      planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true${backend} } }
  cluster-storage:services: {}`).plan,
      { ...facts, ...about },
    );
  const ports = async (about: Partial<ClusterFacts>) => {
    const { plan } = settled(about);
    const all = await record((opts) => void new Storage("storage", { ...plan, types: backendTypes }, opts));
    const { egress } = one(all, "NetworkPolicy", "local-path-provisioner").inputs.spec;
    return (egress as { ports: { port: number }[] }[]).flatMap(({ ports }) => ports.map(({ port }) => port));
  };
  const usual = [443, 6443, 8443];

  it("allows the usual ports, and no other on a cluster that uses one of these", async () => {
    assert.deepEqual(await ports({ apiPorts: [6443], server: "https://127.0.0.1:32769" }), usual);
  });
  it("allows microk8s' port, by what the cluster says", async () => {
    assert.deepEqual(await ports({ apiPorts: [16443, 16443], server: "https://10.0.0.1" }), [...usual, 16443]);
  });
  it("allows the kubeconfig's port where the cluster's may not be read, with a warning", async () => {
    const about = { server: "https://10.0.0.1:16443" };
    assert.deepEqual(await ports(about), [...usual, 16443]);
    assert.deepEqual(settled(about).warnings, [
      "these credentials may not list the EndpointSlices of the namespace default, so it is not known which ports " +
        "the API server listens on, and network policies let pods reach 443, 6443, 8443, 16443; where it is another " +
        "one, volumes stay Pending; have the right to list endpointslices in default granted",
    ]);
  });
  it("warns of nothing where the ports are known, or nothing of the stack talks to the API server", () => {
    assert.deepEqual(settled({ apiPorts: [16443], server: "https://10.0.0.1" }).warnings, []);
    assert.deepEqual(settled({}).warnings, []);
  });
});
