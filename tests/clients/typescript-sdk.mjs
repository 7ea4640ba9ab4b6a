// The official TypeScript SDK: typescript-sdk.mjs <mcp-url> <sandbox-url>

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { MemoryProvider } from "./memory-provider.mjs";
import { EMAIL, renewSignIn } from "./sign-in.mjs";

const [mcpUrl, sandboxUrl] = process.argv.slice(2);
const TOOLS = JSON.parse(await readFile(new URL("tools.json", import.meta.url), "utf8"));

// What the SDK sends, so that "by itself" can be asserted: method, path, status, grant type.
let sent = [];
async function recordingFetch(address, init) {
  const response = await fetch(address, init);
  const { pathname } = new URL(address);
  const grant = pathname === "/token" ? ` ${new URLSearchParams(init.body).get("grant_type")}` : "";
  sent.push(`${init?.method ?? "GET"} ${pathname} ${response.status}${grant}`);
  return response;
}

async function during(work) {
  sent = [];
  const result = await work();
  return { result, sent };
}

async function sandbox(action, body) {
  const init = body && { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${sandboxUrl}/sandbox/${action}`, init);
  assert.equal(response.status, 200, `sandbox control ${action}`);
  return response.json();
}

const provider = new MemoryProvider("TypeScript SDK");
const options = { authProvider: provider, fetch: recordingFetch };
let transport = new StreamableHTTPClientTransport(new URL(mcpUrl), options);
let table;
const client = new Client({ name: "typescript-sdk", version: "1.0.0" });

async function call(name, args = {}) {
  const result = await client.callTool({ name, arguments: args });
  const envelope = JSON.parse(result.content[0].text);
  assert.equal(envelope.operation, name);
  assert.equal(envelope.success, !result.isError);
  return envelope;
}

async function data(name, args) {
  const envelope = await call(name, args);
  assert.ok(envelope.success, `${name}: ${envelope.error?.code} ${envelope.error?.message}`);
  return envelope.data;
}

const browse = () => data("xano_browse_table_content", table);

async function step(name, work) {
  await work();
  console.log(`ok - ${name}`);
}

await step("signs in: challenge, discovery, registration, code, token", async () => {
  const first = await during(() => assert.rejects(client.connect(transport), UnauthorizedError));
  assert.deepEqual(first.sent, [
    "POST /mcp 401",
    "GET /.well-known/oauth-protected-resource/mcp 200",
    "GET /.well-known/oauth-authorization-server 200",
    "POST /register 201",
  ]);
  const code = await provider.authorizationCode();
  const second = await during(() => transport.finishAuth(code));
  assert.equal(second.sent.at(-1), "POST /token 200 authorization_code");
  const { token_type, expires_in, refresh_token, scope } = provider.tokens();
  assert.equal(token_type.toLowerCase(), "bearer");
  assert.ok(expires_in > 0 && refresh_token);
  assert.equal(scope, "xano:read xano:write xano:schema xano:delete");
  transport = new StreamableHTTPClientTransport(new URL(mcpUrl), options);
  await client.connect(transport);
  assert.equal(client.getServerVersion().name, "snappy-mcp");
});

await step("lists the tools", async () => {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name).sort(), TOOLS);
});

await step("reads and writes", async () => {
  const [instance] = await data("xano_list_instances");
  const databases = await data("xano_list_databases", { instance_name: instance.name });
  const playground = databases.find((database) => database.name === "Playground");
  const workspace = { instance_name: instance.name, workspace_id: playground.id };
  const { items } = await data("xano_list_tables", workspace);
  table = { ...workspace, table_id: items.find((found) => found.name === "note").id };
  const created = await data("xano_create_table_record", {
    ...table,
    record_data: { title: "From the TypeScript SDK" },
  });
  const read = await data("xano_get_table_record", { ...table, record_id: created.id });
  assert.deepEqual(read, created);
  assert.equal(read.title, "From the TypeScript SDK");
});

await step("does not notice that the Xano key is rotated", async () => {
  await sandbox("rotate-key", { email: EMAIL });
  const before = (await sandbox("requests?operation=browse_content")).requests;
  const { sent } = await during(browse);
  assert.deepEqual(sent, ["POST /mcp 200"]);
  const after = (await sandbox("requests?operation=browse_content")).requests;
  const statuses = after.slice(before.length).map((request) => request.status);
  assert.deepEqual(statuses, [401, 200], "Xano refused the old key once");
});

await step("refreshes by itself when the access token is of no use", async () => {
  const old = provider.tokens();
  provider.saveTokens({ ...old, access_token: "garbage" });
  const { sent } = await during(browse);
  assert.equal(sent[0], "POST /mcp 401");
  assert.deepEqual(sent.slice(-2), ["POST /token 200 refresh_token", "POST /mcp 200"]);
  assert.equal(provider.authorizeUrl, undefined, "nobody is asked to sign in");
  assert.ok(provider.tokens().refresh_token !== old.refresh_token, "the refresh token rotates");
});

async function endXanoSignIn() {
  await sandbox("expire-session", { email: EMAIL });
  await sandbox("rotate-key", { email: EMAIL });
  const { success, error } = await call("xano_browse_table_content", table);
  assert.equal(success, false);
  assert.equal(error.code, "REAUTH_REQUIRED");
  assert.ok(error.details.sign_in_url.startsWith(new URL("/login?grant=", mcpUrl).href));
  return error.details.sign_in_url;
}

await step("is told to sign in again when the Xano sign-in has ended, and does so", async () => {
  await endXanoSignIn();
  const refused = await during(() => assert.rejects(client.listTools(), UnauthorizedError));
  assert.equal(refused.sent[0], "POST /mcp 401");
  assert.ok(refused.sent.includes("POST /token 400 refresh_token"));
  assert.ok(!refused.sent.some((request) => request.includes("/register")), "still registered");
  await transport.finishAuth(await provider.authorizationCode());
  const { sent } = await during(browse);
  assert.deepEqual(sent, ["POST /mcp 200"]);
});

await step("keeps its tokens when the person signs in at the address of the error", async () => {
  await renewSignIn(await endXanoSignIn());
  const { sent } = await during(browse);
  assert.deepEqual(sent, ["POST /mcp 200"]);
});

await client.close();
