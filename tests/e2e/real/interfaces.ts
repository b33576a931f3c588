import type { Interface } from "./client";

const account = { email: "owner@example.com", password: "Only-for-a-test-1" };
const known = `const { email, password } = ${JSON.stringify(account)};`;

interface Credential {
  name: string;
  data: { value?: string };
}

const file = "/tmp/credentials.json";
const decrypted = `n8n export:credentials --all --decrypted --output=${file} >&2 && cat ${file} && rm ${file}`;

/** Credentials of n8n: they are encrypted in its database, with the key that is on its volume and in its Secret. */
const n8n: Interface = {
  name: "n8n",
  port: 5678,
  program: `
${known}
const account = () => call("/rest/owner/setup", { body: { email, password, firstName: "A", lastName: "Test" } });
const login = async () => {
  const { cookie } = await call("/rest/login", { body: { emailOrLdapLoginId: email, password } });
  return { cookie };
};
const write = (headers, i) =>
  call("/rest/credentials", {
    headers,
    body: { name: "c" + i, type: "httpHeaderAuth", data: { name: "X-Number", value: "secret-" + i } },
  });
`,
  read: async ({ run }) =>
    (JSON.parse(await run(["sh", "-c", decrypted])) as Credential[])
      .filter(({ name, data }) => data.value === `secret-${name.slice(1)}`)
      .map(({ name }) => Number(name.slice(1))),
};

/** Chatflows of Flowise, by an account that its first user makes. */
const flowise: Interface = {
  name: "flowise",
  port: 3000,
  program: `
${known}
const user = { name: "A Test", email, credential: password };
const account = () => call("/api/v1/account/register", { body: { user } });
const login = async () => {
  const { cookie } = await call("/api/v1/auth/login", { body: { email, password } });
  return { cookie, "x-request-from": "internal" };
};
const flowData = JSON.stringify({ nodes: [], edges: [] });
const write = (headers, i) =>
  call("/api/v1/chatflows", { headers, body: { name: "c" + i, type: "CHATFLOW", flowData } });
`,
  read: async ({ call }) => {
    const flows = await call(`
      const flows = (await call("/api/v1/chatflows", { headers: await login() })).json();
      console.log(JSON.stringify(flows.map(({ name }) => name)));
    `);
    return (JSON.parse(flows) as string[]).map((name) => Number(name.slice(1)));
  },
};

export const interfaces: Interface[] = [n8n, flowise];
