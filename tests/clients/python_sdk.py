"""The official Python client: python_sdk.py <mcp-url> <sandbox-url>"""

import asyncio
import json
import pathlib
import sys
import time
import urllib.parse
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)

from sign_in import EMAIL, sign_in

MCP_URL, SANDBOX_URL = sys.argv[1:]
TOOLS = json.loads(pathlib.Path(__file__).with_name("tools.json").read_text())


class Memory(TokenStorage):
    """The registration and the tokens, for as long as the test runs."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Person:
    """Takes the authorization page and hands back what the redirect brought."""

    def __init__(self) -> None:
        self.back = httpx2.URL()
        self.times_asked = 0

    async def open(self, authorize_url: str) -> None:
        self.times_asked += 1
        self.back = await sign_in(authorize_url)

    async def come_back(self) -> AuthorizationCodeResult:
        answer = self.back.params
        return AuthorizationCodeResult(
            code=answer["code"], state=answer["state"], iss=answer["iss"]
        )


class Recorder:
    """What the client sends, so that "by itself" can be asserted."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def __call__(self, response: httpx2.Response) -> None:
        request = response.request
        line = f"{request.method} {request.url.path} {response.status_code}"
        if request.url.path == "/token":
            line += " " + urllib.parse.parse_qs(request.content.decode())["grant_type"][0]
        self.sent.append(line)


async def sandbox(action: str, body: dict[str, str]) -> None:
    async with httpx2.AsyncClient(trust_env=False) as control:
        answer = await control.post(f"{SANDBOX_URL}/sandbox/{action}", json=body)
        assert answer.status_code == 200, f"sandbox control {action}"


async def data(client: Client, name: str, **arguments: Any) -> Any:
    result = await client.call_tool(name, arguments)
    envelope = json.loads(result.content[0].text)
    assert not result.is_error and envelope["success"], f"{name}: {envelope.get('error')}"
    return envelope["data"]


async def work(client: Client) -> dict[str, Any]:
    """Lists the tools, reads and writes; gives the arguments that name the table."""
    tools = await client.list_tools()
    assert sorted(tool.name for tool in tools.tools) == TOOLS
    instance = (await data(client, "xano_list_instances"))[0]["name"]
    databases = await data(client, "xano_list_databases", instance_name=instance)
    playground = next(found["id"] for found in databases if found["name"] == "Playground")
    workspace = {"instance_name": instance, "workspace_id": playground}
    tables = (await data(client, "xano_list_tables", **workspace))["items"]
    table = workspace | {"table_id": next(t["id"] for t in tables if t["name"] == "note")}
    record = {"title": "From the Python SDK"}
    created = await data(client, "xano_create_table_record", **table, record_data=record)
    read = await data(client, "xano_get_table_record", **table, record_id=created["id"])
    assert read == created and read["title"] == record["title"]
    return table


async def main() -> None:
    memory, person, recorder = Memory(), Person(), Recorder()
    provider = OAuthClientProvider(
        MCP_URL,
        OAuthClientMetadata(
            client_name="Python SDK",
            redirect_uris=["http://127.0.0.1:33419/callback"],
            token_endpoint_auth_method="none",
        ),
        memory,
        redirect_handler=person.open,
        callback_handler=person.come_back,
    )

    async with httpx2.AsyncClient(
        auth=provider, event_hooks={"response": [recorder]}, trust_env=False, timeout=30
    ) as http:

        def connect(mode: str) -> Client:
            return Client(streamable_http_client(MCP_URL, http_client=http), mode=mode)

        async with connect("auto") as client:
            assert client.protocol_version == "2026-07-28", client.protocol_version
            table = await work(client)
            assert recorder.sent[:6] == [
                "POST /mcp 401",
                "GET /.well-known/oauth-protected-resource/mcp 200",
                "GET /.well-known/oauth-authorization-server 200",
                "POST /register 201",
                "POST /token 200 authorization_code",
                "POST /mcp 200",
            ], recorder.sent
            assert person.times_asked == 1
            print("ok - signs in, lists the tools, reads and writes without a handshake")

            await sandbox("rotate-key", {"email": EMAIL})
            recorder.sent.clear()
            await data(client, "xano_browse_table_content", **table)
            assert recorder.sent == ["POST /mcp 200"], recorder.sent
            print("ok - does not notice that the Xano key is rotated")

            # This client refreshes when the lifetime it was told is over, not after a 401.
            before = memory.tokens
            provider.context.current_tokens = before.model_copy(
                update={"access_token": "garbage"}
            )
            provider.context.token_expiry_time = time.time() - 1
            recorder.sent.clear()
            await data(client, "xano_browse_table_content", **table)
            assert recorder.sent == ["POST /token 200 refresh_token", "POST /mcp 200"], recorder.sent
            assert memory.tokens.refresh_token != before.refresh_token
            print("ok - refreshes by itself when the access token has ended")

            provider.context.current_tokens = memory.tokens.model_copy(
                update={"access_token": "garbage"}
            )
            recorder.sent.clear()
            await data(client, "xano_browse_table_content", **table)
            assert "POST /register 201" not in recorder.sent, recorder.sent
            assert recorder.sent[-2:] == ["POST /token 200 authorization_code", "POST /mcp 200"]
            assert person.times_asked == 2
            print("ok - signs in again, with its registration, when the access token is refused")

        async with connect("legacy") as client:
            assert client.protocol_version == "2025-11-25", client.protocol_version
            await work(client)
            assert person.times_asked == 2
            print("ok - lists the tools, reads and writes after the handshake of old")


asyncio.run(main())
