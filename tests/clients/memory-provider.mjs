// What the official SDK asks of an application: a place for the registration and the tokens, and a
// way to show the authorization page. Both are in memory here.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { auth } from "@modelcontextprotocol/sdk/client/auth.js";

import { signIn } from "./sign-in.mjs";

export class MemoryProvider {
  redirectUrl = "http://127.0.0.1:33418/callback";
  clientMetadata;
  authorizeUrl;
  #kept = {};

  constructor(name) {
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state() {
    this.#kept.state = randomUUID();
    return this.#kept.state;
  }

  clientInformation() {
    return this.#kept.client;
  }

  saveClientInformation(client) {
    this.#kept.client = client;
  }

  tokens() {
    return this.#kept.tokens;
  }

  saveTokens(tokens) {
    this.#kept.tokens = tokens;
  }

  saveCodeVerifier(verifier) {
    this.#kept.verifier = verifier;
  }

  codeVerifier() {
    return this.#kept.verifier;
  }

  invalidateCredentials(scope) {
    if (scope === "all" || scope === "client") delete this.#kept.client;
    if (scope === "all" || scope === "tokens") delete this.#kept.tokens;
  }

  redirectToAuthorization(url) {
    this.authorizeUrl = url;
  }

  /** Takes the person through the page that was to be shown, and gives the code. */
  async authorizationCode() {
    assert.ok(this.authorizeUrl, "the SDK wanted to show the authorization page");
    const back = await signIn(this.authorizeUrl);
    assert.equal(`${back.origin}${back.pathname}`, this.redirectUrl);
    assert.equal(back.searchParams.get("state"), this.#kept.state);
    assert.equal(back.searchParams.get("iss"), this.authorizeUrl.origin);
    this.authorizeUrl = undefined;
    return back.searchParams.get("code");
  }
}

/** An access token, by the whole flow. */
export async function accessToken(serverUrl, name) {
  const provider = new MemoryProvider(name);
  assert.equal(await auth(provider, { serverUrl }), "REDIRECT");
  const authorizationCode = await provider.authorizationCode();
  assert.equal(await auth(provider, { serverUrl, authorizationCode }), "AUTHORIZED");
  return provider.tokens().access_token;
}
