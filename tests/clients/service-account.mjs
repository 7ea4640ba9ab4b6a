// The official TypeScript SDK as a service account: service-account.mjs <mcp-url> <sandbox-url> <binary> <data-dir>
// Nobody signs in; the operator registers the service account with a Xano token while the server runs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { EMAIL, PASSWORD } from "./sign-in.mjs";

const [mcpUrl, sandboxUrl, binary, dataDir] = process.argv.slice(2);
const expectedIssuer = new URL(mcpUrl).origin;
const dir = mkdtempSync(join(tmpdir(), "service-account-"));
const file = (name) => join(dir, name);

async function xanoToken() {
  const group = `${sandboxUrl}/api:e6emygx3/auth`;
  const body = JSON.stringify({ email: EMAIL, password: PASSWORD });
  const headers = { "content-type": "application/json" };
  const login = await fetch(`${group}/login`, { method: "POST", headers, body });
  const { authToken } = await login.json();
  const me = await fetch(`${group}/me`, { headers: { authorization: `Bearer ${authToken}` } });
  return (await me.json()).api_key;
}

/** `snappy-mcp client …` with the settings of the server. */
function operator(...args) {
  const env = {
    SNAPPY_DATA_DIR: dataDir,
    XANO_ACCOUNT_ORIGIN: sandboxUrl,
    XANO_EXTRA_HOSTS: new URL(sandboxUrl).host,
  };
  return execFileSync(binary, ["client", ...args], { env, encoding: "utf8" });
}

async function connect(authProvider) {
  const client = new Client({ name: "service-account", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider }));
  return client;
}

async function call(client, name, args = {}) {
  const result = await client.callTool({ name, arguments: args });
  const envelope = JSON.parse(result.content[0].text);
  assert.ok(envelope.success, `${name}: ${envelope.error?.code} ${envelope.error?.message}`);
  return envelope.data;
}

writeFileSync(file("token"), await xanoToken());
const serviceAccount = ["--xano-token-file", file("token")];

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
writeFileSync(file("jwks.json"), JSON.stringify({ keys: [publicKey.export({ format: "jwk" })] }));
const added = operator("add", "--name", "CI", "--id", "ci", "--jwks", file("jwks.json"), ...serviceAccount);
assert.equal(added, "client_id ci\n");
const withKey = new PrivateKeyJwtProvider({
  clientId: "ci",
  privateKey: privateKey.export({ format: "pem", type: "pkcs8" }),
  algorithm: "ES256",
  expectedIssuer,
});
const reader = await connect(withKey);
const [instance] = await call(reader, "xano_list_instances");
assert.equal(withKey.tokens().scope, "xano:read");
assert.equal(withKey.tokens().refresh_token, undefined);
// After an invalid token the SDK requests a new one.
withKey.saveTokens({ ...withKey.tokens(), access_token: "garbage" });
await call(reader, "xano_list_databases", { instance_name: instance.name });
await reader.close();
console.log("ok - with a key");

const printed = operator("add", "--name", "Nightly", ...serviceAccount, "--scope", "xano:read xano:write");
const [, clientId, clientSecret] = printed.match(/^client_id (\S+)\nclient_secret (\S+)\n$/);
const withSecret = new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer });
const writer = await connect(withSecret);
const databases = await call(writer, "xano_list_databases", { instance_name: instance.name });
const playground = databases.find((database) => database.name === "Playground");
const workspace = { instance_name: instance.name, workspace_id: playground.id };
const { items } = await call(writer, "xano_list_tables", workspace);
const table = { ...workspace, table_id: items.find((found) => found.name === "note").id };
const record_data = { title: "From a service account" };
const created = await call(writer, "xano_create_table_record", { ...table, record_data });
assert.equal(created.title, "From a service account");
await writer.close();
console.log("ok - with a secret");
