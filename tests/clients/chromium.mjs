// A person with Chromium: chromium.mjs <mcp-url> <out-dir>

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { chromium } from "playwright-core";

import { EMAIL, PASSWORD } from "./sign-in.mjs";

const [mcpUrl, outDir] = process.argv.slice(2);
const CLIENT_NAME = "A client in Chromium";
const STATE = "a state & more";
const CURSOR_CALLBACK = "cursor://anysphere.cursor-mcp/oauth/callback";
// The pair of RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

// The client's end of the redirect.
const loopback = createServer((_, response) => response.end("Back in the client"));
loopback.listen(0, "127.0.0.1");
await once(loopback, "listening");
const loopbackCallback = `http://127.0.0.1:${loopback.address().port}/callback`;

const registered = await fetch(new URL("/register", mcpUrl), {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    client_name: CLIENT_NAME,
    redirect_uris: [loopbackCallback, CURSOR_CALLBACK],
    token_endpoint_auth_method: "none",
  }),
});
assert.equal(registered.status, 201);
const { client_id: clientId } = await registered.json();

function authorizeUrl(changes) {
  const url = new URL("/authorize", mcpUrl);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: loopbackCallback,
    state: STATE,
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    resource: mcpUrl,
    ...changes,
  });
  return url.href;
}

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function typePassword(page, password) {
  await page.getByLabel("Email").fill(EMAIL);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign in").click();
}

async function typeWrongPassword(page) {
  await page.goto(authorizeUrl());
  await page.getByText(`${CLIENT_NAME} wants to access`).waitFor();
  await typePassword(page, "wrong");
  await page.getByRole("alert").getByText("Incorrect email or password").waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), EMAIL);
  assert.equal(await page.getByLabel("Password").inputValue(), "");
}

async function toConsent(page, changes) {
  await page.goto(authorizeUrl(changes));
  await typePassword(page, PASSWORD);
  await page.getByRole("heading", { name: `Allow ${CLIENT_NAME} to access` }).waitFor();
}

/** On the pages of the sandbox's OAuth server: signs in and picks a workspace. */
async function pickAtXano(page, workspace) {
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel(workspace, { exact: true }).check();
  await button(page, "Allow").click();
}

async function withXano(page) {
  await page.goto(authorizeUrl());
  await button(page, "Continue with Xano").click();
  await pickAtXano(page, "Acme Store / Acme Store");
  await page.getByRole("heading", { name: `Allow ${CLIENT_NAME} to access` }).waitFor();
  await button(page, "Add another workspace").click();
  await pickAtXano(page, "Acme Store / Playground");
  await page.getByText("Acme Store / Playground").waitFor();
  assert.equal(await page.getByRole("checkbox", { name: /Acme Store \/ / }).count(), 2);
}

async function continueWithXano(page) {
  await withXano(page);
  await button(page, "Allow").click();
  await assertAllowed(await backInTheClient(page), loopbackCallback);
}

async function backInTheClient(page) {
  // By what the page shows: waiting for its address breaks when a second click starts it anew.
  await page.getByText("Back in the client").waitFor();
  return new URL(page.url());
}

function assertIsAnswer(answer, callback) {
  assert.ok(answer.href.startsWith(`${callback}?`), `${answer.protocol} ${answer.pathname}`);
  assert.equal(answer.searchParams.get("state"), STATE);
  assert.equal(answer.searchParams.get("iss"), new URL(mcpUrl).origin);
}

async function assertAllowed(answer, callback) {
  assertIsAnswer(answer, callback);
  const tokens = await fetch(new URL("/token", mcpUrl), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: answer.searchParams.get("code"),
      redirect_uri: callback,
      client_id: clientId,
      code_verifier: VERIFIER,
    }),
  });
  assert.equal(tokens.status, 200, "the code can be exchanged");
}

async function wrongPasswordThenAllow(page) {
  await typeWrongPassword(page);
  await typePassword(page, PASSWORD);
  await page.getByRole("heading", { name: `Allow ${CLIENT_NAME} to access` }).waitFor();
  await button(page, "Allow").click();
  await assertAllowed(await backInTheClient(page), loopbackCallback);
}

async function deny(page) {
  await toConsent(page);
  await button(page, "Deny").click();
  const answer = await backInTheClient(page);
  assertIsAnswer(answer, loopbackCallback);
  assert.equal(answer.searchParams.get("error"), "access_denied");
  assert.equal(answer.searchParams.get("code"), null);
}

async function doubleClick(page) {
  await toConsent(page);
  // The network is slow, so that the second click comes before the answer to the first, as it
  // would not on one computer. Chromium then drops that answer, and the code in it.
  let clicks = 0;
  await page.route("**/consent", async (route) => {
    clicks += 1;
    const response = await route.fetch({ maxRedirects: 0 });
    await wait(500);
    await route.fulfill({ response }).catch(() => {});
  });
  // By hand, because Playwright's own clicks wait for the first answer.
  const { x, y } = await button(page, "Allow").boundingBox();
  await page.mouse.click(x + 10, y + 10);
  await wait(200);
  await page.mouse.click(x + 10, y + 10);
  await assertAllowed(await backInTheClient(page), loopbackCallback);
  assert.equal(clicks, 2, "both clicks reach the server");
}

async function toAnApp(page) {
  await toConsent(page, { redirect_uri: CURSOR_CALLBACK });
  // No app is there to take it. The request is only made when the form may lead there: where a
  // Content-Security-Policy with form-action forbids it, Chromium gives up before.
  const [request] = await Promise.all([
    page.waitForRequest((made) => made.url().startsWith("cursor:")),
    button(page, "Allow").click({ noWaitAfter: true }),
  ]);
  await assertAllowed(new URL(request.url()), CURSOR_CALLBACK);
}

/** Takes a picture of every page, the way one kind of screen shows it. */
async function pictures(page, kind) {
  const picture = async (name) => {
    await page.screenshot({ path: join(outDir, `${name}-${kind}.png`), fullPage: true });
    const tooWide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth > clientWidth;
    });
    assert.equal(tooWide, false, `${name} fits the screen (${kind})`);
  };
  await page.goto(new URL("/", mcpUrl).href);
  await picture("home");
  await page.getByRole("link", { name: "Connected apps" }).click();
  await page.getByText("Sign in to manage your connected apps").waitFor();
  await picture("renew");
  await typePassword(page, PASSWORD);
  await page.getByRole("heading", { name: "Connected apps" }).waitFor();
  await picture("account");
  await page.goto(authorizeUrl());
  await picture("login");
  await page.getByText("Other ways to sign in").click();
  await picture("login-token");
  await typeWrongPassword(page);
  await picture("login-error");
  await toConsent(page);
  await picture("consent");
  await page.getByText("Customize access").click();
  await picture("consent-choice");
  await toConsent(page, { redirect_uri: CURSOR_CALLBACK });
  await picture("consent-app");
  await page.goto(authorizeUrl({ client_id: "unknown" }));
  await page.getByRole("heading", { name: "This app is not registered" }).waitFor();
  await picture("problem");
  await withXano(page);
  await picture("consent-xano");
  await button(page, "Allow").click();
  await backInTheClient(page);
  await page.goto(new URL("/account", mcpUrl).href);
  await page.getByText("renews itself").first().waitFor();
  await picture("account-xano");
  await page.getByRole("link", { name: "Change", exact: true }).first().click();
  await page.getByRole("heading", { name: `What may ${CLIENT_NAME} use?` }).waitFor();
  await picture("connection");
  await page.goto(new URL("/account/workspace", mcpUrl).href);
  await picture("workspace");
}

// The profile is a new temporary one, and each context begins without cookies.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

async function visit(name, options, journey) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  try {
    await journey(await context.newPage());
    console.log(`ok - ${name}`);
  } catch (error) {
    // Playwright tells the addresses it was at, and some hold a code.
    console.error(`not ok - ${name}: ${error.stack.replaceAll(/code=[^&"]+/g, "code=…")}`);
    process.exitCode = 1;
  }
  await context.close();
}

try {
  await visit("a wrong password, then Allow", {}, wrongPasswordThenAllow);
  await visit("the same without JavaScript", { javaScriptEnabled: false }, wrongPasswordThenAllow);
  await visit("Continue with Xano, two workspaces", {}, continueWithXano);
  await visit("the same without JavaScript", { javaScriptEnabled: false }, continueWithXano);
  await visit("Deny", {}, deny);
  await visit("a double click on Allow", {}, doubleClick);
  await visit("Allow that leads to an app", {}, toAnApp);

  await mkdir(outDir, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    for (const [screen, viewport] of [
      ["desktop", { width: 1280, height: 800 }],
      ["phone", { width: 390, height: 844 }],
    ]) {
      const kind = `${colorScheme}-${screen}`;
      await visit(`pictures, ${kind}`, { colorScheme, viewport }, (page) => pictures(page, kind));
    }
  }
} finally {
  await browser.close();
  loopback.close();
}
