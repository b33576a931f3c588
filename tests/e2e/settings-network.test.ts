import assert from "node:assert/strict";
import { connect } from "node:net";
import { useCluster } from "./fixture";
import { OwnStackFile } from "./own-stack-file";
import { removeStack } from "./state";

const namespace = "local-ai-system";
const ranges = 'loadBalancerSourceRanges: [0.0.0.0/0, "::/0"]';
const first = 'type: NodePort, nodePorts: { redis: "30079" }, annotations: { example.com/pool: lan }';
const egress = `[{ namespace: ollama, ports: ["11434"] }, { cidr: 192.168.1.20, ports: [53/udp] },
          { cidr: "FD00:1::/64", ports: [5000-5010] }, { internet: true, ports: [587] }]`;
const stackFile = (service: string) => `config:
  pulumi:autonaming: { mode: disabled }
  pulumi:disable-default-providers: [kubernetes]
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/local-path-provisioner, default: true, reclaimPolicy: Delete }
  cluster-storage:services:
    redis:
      size: 1Gi
      egress: ${egress}
      service: { ${service}, ${ranges} }
`;

describe("how a service is reached, and what it reaches", () => {
  const cluster = useCluster();
  let file: OwnStackFile;

  const service = () => cluster().kube.core.readNamespacedService({ namespace, name: "redis" });
  const policy = async () => {
    const ref = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { namespace, name: "redis" } };
    // The client library has another name for the key.
    const text = JSON.stringify(await cluster().kube.objects.read(ref)).replaceAll('"_from"', '"from"');
    return JSON.parse(text) as { metadata: { resourceVersion: string }; spec: Record<string, unknown[]> };
  };
  const deploy = async (settings: string) => {
    await file.write(stackFile(settings));
    await file.deploy();
  };
  const nodeAddress = async () => {
    const [node] = (await cluster().kube.core.listNode()).items;
    return node?.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
  };
  /** What a Redis says first to somebody who doesn't know the password. */
  const ask = async (port: number) => {
    const socket = connect(port, await nodeAddress()).setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    return new Promise<string>((resolve, reject) => {
      socket.once("error", reject).once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.write("PING\r\n");
    });
  };

  before("a service with a port of the node", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    file = await OwnStackFile.write(stackFile(""));
    await deploy(first);
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await file?.remove();
  });

  it("is answered on the node's port, from this machine", async () => {
    assert.match(await ask(30_079), /^-NOAUTH|^\+PONG/);
    const { metadata, spec } = await service();
    assert.equal(metadata?.annotations?.["example.com/pool"], "lan");
    assert.deepEqual([spec?.type, spec?.externalTrafficPolicy], ["NodePort", "Local"]);
  });

  it("stands in the live policy, as the API server keeps it", async () => {
    const { ingress, egress: out } = (await policy()).spec;
    assert.deepEqual(ingress, [
      {
        from: [{ podSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
    assert.deepEqual(out?.slice(1, 4), [
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ollama" } } }],
        ports: [{ protocol: "TCP", port: 11434 }],
      },
      { to: [{ ipBlock: { cidr: "192.168.1.20/32" } }], ports: [{ protocol: "UDP", port: 53 }] },
      { to: [{ ipBlock: { cidr: "fd00:1::/64" } }], ports: [{ protocol: "TCP", port: 5000, endPort: 5010 }] },
    ]);
  });

  it("is no change a second time, quotes and spelling included", async () => {
    const versions = async () => [
      (await policy()).metadata.resourceVersion,
      (await service()).metadata?.resourceVersion,
    ];
    const before = await versions();
    await deploy(first.replace('"30079"', "30079"));
    assert.deepEqual(await versions(), before);
  });

  it("keeps its Service when the type changes, and waits for no load balancer's address", async () => {
    const before = (await service()).metadata?.uid;
    const start = Date.now();
    await deploy("type: LoadBalancer");
    assert.ok(Date.now() - start < 240_000);
    const { metadata, spec } = await service();
    assert.deepEqual([metadata?.uid, spec?.type], [before, "LoadBalancer"]);
    assert.deepEqual(spec?.loadBalancerSourceRanges, ["0.0.0.0/0", "::/0"]);
  });

  it("has a Service made anew for another class of load balancer, and keeps the pod", async () => {
    const pods = async () =>
      (await cluster().kube.core.listNamespacedPod({ namespace })).items.map(({ metadata }) => metadata?.uid);
    const [before, running] = [(await service()).metadata?.uid, await pods()];
    await deploy("type: LoadBalancer, loadBalancerClass: example.com/lan");
    const { metadata, spec } = await service();
    assert.equal(spec?.loadBalancerClass, "example.com/lan");
    assert.notEqual(metadata?.uid, before);
    assert.deepEqual(await pods(), running);
  });
});
