"""Signs in and consents over plain HTTP, as a browser without scripts does."""

import re

import httpx2

EMAIL = "demo@acme.test"
PASSWORD = "demo-password"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def sign_in(authorize_url: str, decision: str = "allow") -> httpx2.URL:
    """Drives an authorization request to its end; gives the address the client is sent back to."""
    # It keeps cookies by itself, as a browser does.
    async with httpx2.AsyncClient(follow_redirects=False, trust_env=False) as browser:
        login = await follow(browser, await browser.get(authorize_url))
        typed = {"method": "password", "email": EMAIL, "password": PASSWORD}
        consent = await follow(browser, await submit(browser, login, "/login", typed))
        answer = await submit(browser, consent, "/consent", {"decision": decision})
        assert answer.status_code == 303, "the consent leads back to the client"
        return httpx2.URL(answer.headers["location"])


async def follow(browser: httpx2.AsyncClient, response: httpx2.Response) -> httpx2.Response:
    assert response.status_code == 303, f"{response.url.path} leads on: {response.text}"
    return await browser.get(response.url.join(response.headers["location"]))


async def submit(
    browser: httpx2.AsyncClient, page: httpx2.Response, action: str, typed: dict[str, str]
) -> httpx2.Response:
    """Sends the first form of a page, with its hidden fields and what a person adds."""
    assert page.status_code == 200, page.text
    form = page.text.partition("<form")[2].partition("</form>")[0]
    assert f'action="{action}"' in form, f"the page has a form for {action}"
    fields = dict(HIDDEN.findall(form)) | typed
    return await browser.post(page.url.join(action), data=fields)
