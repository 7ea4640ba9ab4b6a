// The MCP Inspector's command line, with a bearer of ours: inspector.mjs <mcp-url>

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { accessToken } from "./memory-provider.mjs";
import { node22 } from "./node22.mjs";

const [mcpUrl] = process.argv.slice(2);
const TOOLS = JSON.parse(await readFile(new URL("tools.json", import.meta.url), "utf8"));
const CLI = fileURLToPath(
  new URL("node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js", import.meta.url),
);

const home = await mkdtemp(join(tmpdir(), "inspector-"));
const bearer = await accessToken(mcpUrl, "MCP Inspector");

async function inspect(...args) {
  const options = ["--cli", mcpUrl, "--header", `Authorization: Bearer ${bearer}`, "--stored-auth-only"];
  const env = { PATH: process.env.PATH, HOME: home };
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(node22, [CLI, ...options, ...args], { env, cwd: home, stdio });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  assert.equal(status, 0, `the Inspector with ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

try {
  for (const era of ["legacy", "modern"]) {
    // Strict: it fails on schemas that some clients can't use.
    const { tools } = await inspect("--protocol-era", era, "--method", "tools/list", "--strict");
    assert.deepEqual(tools.map((tool) => tool.name).sort(), TOOLS);
    console.log(`ok - lists the tools (${era})`);

    const call = ["--method", "tools/call", "--tool-name"];
    const result = await inspect("--protocol-era", era, ...call, "xano_list_databases",
      "--tool-arg", "instance_name=xsbx-demo-0001");
    const envelope = JSON.parse(result.content[0].text);
    assert.ok(envelope.success, envelope.error?.message);
    assert.deepEqual(envelope.data.map((database) => database.name), ["Acme Store", "Playground"]);
    console.log(`ok - calls a tool (${era})`);
  }
} finally {
  await rm(home, { recursive: true });
}
