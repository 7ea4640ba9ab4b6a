// Signs in and consents over plain HTTP, as a browser without scripts does.

import assert from "node:assert/strict";

export const EMAIL = "demo@acme.test";
export const PASSWORD = "demo-password";

/** Drives an authorization request to its end and gives the address the client is sent back to. */
export async function signIn(authorizeUrl, decision = "allow") {
  const browser = new Browser();
  const login = await browser.follow(await browser.open(authorizeUrl));
  const consent = await browser.follow(
    await browser.submit(login, "/login", { method: "password", email: EMAIL, password: PASSWORD }),
  );
  const answer = await browser.submit(consent, "/consent", { decision });
  assert.equal(answer.status, 303, "the consent leads back to the client");
  return new URL(answer.headers.get("location"));
}

/** Renews the Xano sign-in on the address that a failed tool call names. */
export async function renewSignIn(signInUrl) {
  const browser = new Browser();
  const login = await browser.open(signInUrl);
  const fields = { method: "password", email: EMAIL, password: PASSWORD };
  const done = await browser.submit(login, "/login", fields);
  const account = await browser.follow(done);
  assert.match(await account.text(), /Your Xano sign-in is renewed/);
}

class Browser {
  #cookies = new Map();

  async open(address, init) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = cookie ? { cookie } : {};
    const response = await fetch(address, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=", 2);
      this.#cookies.set(name, value);
    }
    return response;
  }

  async follow(response) {
    const problem = response.status === 303 ? "" : await response.text();
    assert.equal(response.status, 303, `${new URL(response.url).pathname} leads on: ${problem}`);
    return this.open(new URL(response.headers.get("location"), response.url));
  }

  /** Sends the first form of a page, with its hidden fields and what a person adds. */
  async submit(page, action, typed) {
    const html = await page.text();
    assert.equal(page.status, 200, html);
    assert.ok(html.includes(`action="${action}"`), `the page has a form for ${action}`);
    const form = html.slice(html.indexOf("<form"), html.indexOf("</form>"));
    const hidden = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
    const fields = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]));
    return this.open(new URL(action, page.url), {
      method: "POST",
      body: new URLSearchParams({ ...fields, ...typed }),
    });
  }
}
