import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { Hidden } from "../../model/hidden";
import { freePort } from "../free-port";
import { startSshServer, type SshNode } from "../ssh-node/node";
import { at, holdsEverywhere, none, usePlaces, type Place } from "./place";

/** The key of no server here. */
const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCPt9VlKwlSb4HFqkWiG5Cpkpz6Gn09pQg1kxnI/Vnh";
const user = "backup-user";
const home = `/home/${user}`;

describe("backups to a real SSH server, by SFTP", () => {
  let server: SshNode;
  const scene = usePlaces(() => server.inside(`${home}/data/cluster`));
  const { run, goTo, goToMade } = scene;
  let [port, privateKey] = [0, ""];

  before(async function () {
    this.timeout(300_000);
    port = await freePort();
    server = await startSshServer(port);
    privateKey = await readFile(server.keyFile, "utf8");
    await appendFile(server.inside("/etc/passwd"), `${user}:x:2000:2000::${home}:/bin/sh\n`);
    const prepare = `mkdir -p ${home}/.ssh; cp /root/.ssh/authorized_keys ${home}/.ssh; chown -R 2000:2000 ${home}`;
    await server.run(["sh", "-c", prepare]);
  });
  beforeEach(() => {
    const empty = `! mountpoint -q ${home}/data || umount ${home}/data; rm -rf ${home}/data`;
    return server.run(["sh", "-c", `${empty}; install -d -o 2000 -g 2000 ${home}/data`]);
  });
  after(() => server?.remove());

  const sftp = (changes: Partial<NonNullable<Place["sftp"]>> = {}): Place => ({
    sftp: {
      host: "127.0.0.1",
      port,
      user,
      path: `${home}/data/cluster`,
      privateKey: new Hidden(privateKey),
      hostKey: server.hostKey,
      ...changes,
    },
  });

  holdsEverywhere(scene, sftp);

  it("takes a path in the user's home, and a line of a known_hosts file", async () => {
    goTo(sftp({ path: "data/in-home", hostKey: `[127.0.0.1]:${port} ${server.hostKey} root@there` }));
    assert.deepEqual(await run("init"), { code: 0 });
    assert.ok(existsSync(server.inside(`${home}/data/in-home/config`)));
  });

  const unopened = `${none}${at} could not be opened: `;
  const setting = "cluster-storage:backups.repository.sftp";
  for (const [what, place, code, why] of [
    [
      "nobody answers",
      () => sftp({ port: 9 }),
      1,
      () => "127.0.0.1:9 can't be reached over SSH: no SSH server listens there",
    ],
    [
      "the server has another key",
      () => sftp({ hostKey: otherKey }),
      3,
      () =>
        `127.0.0.1:${port} shows another host key than ${setting}.hostKey, so nothing was sent. Either the server ` +
        "was installed anew, or somebody else answers there: compare it on the server itself (cat " +
        "/etc/ssh/ssh_host_ed25519_key.pub), and only then set it",
    ],
    [
      "the user isn't let in",
      () => sftp({ user: "nobody" }),
      3,
      () =>
        `127.0.0.1:${port} doesn't let the user nobody in with ${setting}.privateKey; its public key has to be in ` +
        "the user's authorized_keys there",
    ],
    [
      "the private key is none",
      () => sftp({ privateKey: new Hidden("none") }),
      3,
      () => `${setting}.privateKey can't be read; it has to be a private key for SSH without a passphrase`,
    ],
  ] as const)
    it(`says that ${what}, and leaves the service alone`, async () => {
      goTo(place());
      assert.deepEqual(await run(), { code, message: `${unopened}${why()}` });
      assert.equal(scene.cluster.executed.length, 0);
    });

  it("says that it may not make the path", async () => {
    goTo(sftp({ path: "/srv/none" }));
    const { code, message = "" } = await run("init");
    assert.equal(code, 3);
    const expected =
      `${at} can't be written by what cluster-storage:backups.repository logs in with; give it the right to: create ` +
      "repository at sftp:server:/srv/none failed: MkdirAll /srv/none/";
    assert.ok(message.startsWith(expected), message);
  });

  it("says that the directory may not be written any more, and makes no point", async () => {
    goToMade(sftp());
    await server.run(["sh", "-c", `chown -R root ${home}/data; chmod -R a-w,a+rX ${home}/data`]);
    const { code, message = "" } = await run();
    assert.equal(code, 3);
    const expected = `${none}${at} can't be written by what cluster-storage:backups.repository logs in with; give it `;
    assert.ok(
      message.startsWith(`${expected}the right to: unable to create lock in backend: OpenFile ${home}`),
      message,
    );
  });

  it("says that the disk there is full, and makes no point", async () => {
    await server.run(["sh", "-c", `mount -t tmpfs -o size=2m,uid=2000 none ${home}/data`]);
    goTo(sftp());
    await run("init");
    await server.run(["sh", "-c", `dd if=/dev/urandom of=${home}/data/fill bs=1k count=5000 || true`]);
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `${none}${at} is full; make room there, or let it go elsewhere (docs/backups.md): unable to create lock in ` +
        "backend: sftp: no space left on device",
    });
    await server.run(["rm", `${home}/data/fill`]);
    assert.deepEqual(await scene.listed(), []);
  });
});
