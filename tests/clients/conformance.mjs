// The official conformance scenarios for authorization servers, over https with a scripted sign-in:
// conformance.mjs <sandbox-url> <binary>

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { node22 } from "./node22.mjs";
import { signIn } from "./sign-in.mjs";

// The certificate is our own, made below, and everything here is on this computer.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

const [sandboxUrl, binary] = process.argv.slice(2);
const CLI = fileURLToPath(
  new URL("node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const dir = mkdtempSync(join(tmpdir(), "conformance-"));
const file = (name) => join(dir, name);

/** TLS in front of the server, as an operator's proxy does it. */
async function startProxy() {
  execFileSync("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(" "),
    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    "-keyout", file("key.pem"), "-out", file("cert.pem"),
  ], { stdio: "ignore" });
  const tls = { key: readFileSync(file("key.pem")), cert: readFileSync(file("cert.pem")) };
  const target = {};
  const proxy = https.createServer(tls, (request, response) => {
    const { method, url, headers } = request;
    const onward = http.request({ host: "127.0.0.1", port: target.port, method, path: url, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return { proxy, target, issuer: `https://localhost:${proxy.address().port}` };
}

/** The server with the proxy's address as its public one; gives the port it listens on. */
async function startServer(issuer) {
  const env = {
    SNAPPY_LISTEN: "127.0.0.1:0",
    SNAPPY_PUBLIC_URL: issuer,
    SNAPPY_DATA_DIR: file("data"),
    XANO_BASE_URL: sandboxUrl,
    XANO_ACCOUNT_ORIGIN: sandboxUrl,
    XANO_EXTRA_HOSTS: new URL(sandboxUrl).host,
  };
  const server = spawn(binary, ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  for await (const line of createInterface({ input: server.stderr })) {
    const address = line.match(/Listening address=127\.0\.0\.1:(\d+)/);
    if (address) {
      server.stderr.resume();
      return { server, port: Number(address[1]) };
    }
  }
  throw new Error("the server did not start");
}

/** A free port for the callback that the suite listens on. */
async function freePort() {
  const probe = http.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

async function register(issuer, redirectUri) {
  const response = await fetch(`${issuer}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: "Conformance", redirect_uris: [redirectUri] }),
  });
  assert.equal(response.status, 201);
  return (await response.json()).client_id;
}

function conformance(...args) {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: file("cert.pem") };
  return spawn(node22, [CLI, "authorization", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

const { proxy, target, issuer } = await startProxy();
const { server, port } = await startServer(issuer);
target.port = port;
try {
  const callbackPort = await freePort();
  const clientId = await register(issuer, `http://127.0.0.1:${callbackPort}/callback`);
  // All scenarios in one run: the code grant starts from what the metadata scenario found.
  const suite = conformance("--url", issuer, "--client-id", clientId,
    "--resource", `${issuer}/mcp`, "-p", String(callbackPort));
  let output = "";
  let driven = false;
  suite.stdout.on("data", async (chunk) => {
    output += chunk;
    const address = output.match(/https:\/\/localhost:\d+\/authorize\?\S+/);
    if (address && !driven) {
      driven = true;
      await fetch(await signIn(address[0]));
    }
  });
  const [[status], said] = await Promise.all([once(suite, "exit"), text(suite.stderr)]);
  assert.equal(status, 0, output + said);
  for (const line of [
    "✓ authorization-server-metadata-endpoint: 2 passed, 0 failed",
    "✓ authorization-code-grant: 1 passed, 0 failed",
    "Total: 3 passed, 0 failed",
  ]) {
    assert.ok(output.includes(line), output);
    console.log(`ok - ${line}`);
  }
} finally {
  server.kill();
  proxy.close();
  proxy.closeAllConnections();
  rmSync(dir, { recursive: true });
}
