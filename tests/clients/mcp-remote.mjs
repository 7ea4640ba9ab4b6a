// mcp-remote as Claude Desktop starts it, over stdio: mcp-remote.mjs <mcp-url>

import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { signIn } from "./sign-in.mjs";

const [mcpUrl] = process.argv.slice(2);
const TOOLS = JSON.parse(await readFile(new URL("tools.json", import.meta.url), "utf8"));
const PROXY = fileURLToPath(new URL("node_modules/mcp-remote/dist/proxy.js", import.meta.url));

const home = await mkdtemp(join(tmpdir(), "mcp-remote-"));
const opened = join(home, "opened");

// Stands in for the browser: notes the address it is given. Nothing of the desktop is passed on, or
// the desktop's own browser would be opened.
const browser = join(home, "browser");
await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${opened}'\n`);
await chmod(browser, 0o755);
const env = {
  PATH: process.env.PATH,
  HOME: home,
  MCP_REMOTE_CONFIG_DIR: join(home, "config"),
  BROWSER: browser,
};

const openedAddresses = async () => {
  const text = await readFile(opened, "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
};

async function theAuthorizePage(said) {
  for (let tries = 0; tries < 300; tries += 1) {
    const [address] = await openedAddresses();
    if (address) return address;
    await wait(100);
  }
  throw new Error(`mcp-remote opened no browser:\n${said()}`);
}

/** Starts mcp-remote, does `meanwhile`, and uses the server through it. */
async function session(meanwhile) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROXY, mcpUrl],
    env,
    stderr: "pipe",
  });
  let said = "";
  transport.stderr.on("data", (chunk) => (said += chunk));
  const client = new Client({ name: "mcp-remote-test", version: "1.0.0" });
  try {
    await Promise.all([client.connect(transport), meanwhile(() => said)]);
    assert.equal(client.getServerVersion().name, "snappy-mcp");
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name).sort(), TOOLS);
    const result = await client.callTool({ name: "xano_list_instances", arguments: {} });
    const envelope = JSON.parse(result.content[0].text);
    assert.ok(envelope.success && envelope.data.length > 0, envelope.message);
  } catch (error) {
    throw new Error(`with mcp-remote, which said:\n${said}`, { cause: error });
  } finally {
    await client.close();
  }
}

try {
  await session(async (said) => {
    const authorizeUrl = await theAuthorizePage(said);
    const back = await signIn(authorizeUrl);
    assert.equal(back.searchParams.get("iss"), new URL(mcpUrl).origin);
    const page = await fetch(back);
    assert.equal(page.status, 200, `mcp-remote takes the code: ${await page.text()}`);
  });
  console.log("ok - signs in through its loopback callback and works");

  await session(async () => {});
  assert.equal((await openedAddresses()).length, 1);
  console.log("ok - asks for no second sign-in when it is started again");
} finally {
  await rm(home, { recursive: true });
}
