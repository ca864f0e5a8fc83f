"""Logins by ProConnect and FranceConnect, with a real provider of OpenID Connect on loopback (`make providers`)."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import pytest

from chalicelib import wiring
from operations.package import PROJECT
from tests.support.admission import mailed_code
from tests.support.provider import MFA, with_franceconnect, with_proconnect
from tests.support.staff import DESK, PASSWORD, SECRETARY, enter, invite, member, read_member
from tests.support.world import EMAIL, PUBLIC_URL, ROSSIGNOL, Visitor, World

pytestmark = pytest.mark.provider

MODULES = PROJECT / "build/oidc/node_modules"
SCRIPT = Path(__file__).parents[1] / "support/provider.mjs"


class Unfollowed(HTTPRedirectHandler):
    """A handler that follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        """Refuse the redirect."""


def new_browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()), Unfollowed())


def go_through(address: str, browser: OpenerDirector | None = None, form: bytes | None = None) -> str:
    """Follow the redirects like a browser there, and return the address that leads to us."""
    browser = browser or new_browser()
    for _ in range(8):
        with pytest.raises(HTTPError) as answer:
            browser.open(address, form, timeout=10)
        form = None
        with answer.value as redirection:
            assert redirection.code == HTTPStatus.SEE_OTHER, redirection.read()
            address = urljoin(address, redirection.headers["Location"])
        if address.startswith(PUBLIC_URL):
            return address
    raise AssertionError(address)


@contextmanager
def running(*arguments: str) -> Iterator[str]:
    """Run the provider inside the block: its issuer."""
    with subprocess.Popen(
        ["node", SCRIPT, MODULES, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as node:
        assert node.stdout
        url = node.stdout.readline().strip()
        assert url, "the provider did not start: make providers installs it"
        yield url
        assert node.stdin
        node.stdin.close()


@pytest.fixture
def issuer(request: pytest.FixtureRequest, world: World) -> Iterator[str]:
    acr = getattr(request, "param", MFA)
    world.now = datetime.now(UTC).replace(microsecond=0)  # the provider uses the real clock
    with running(f"{PUBLIC_URL}{DESK}/agents/retour", SECRETARY, acr) as url:
        world.services = with_proconnect(world.services, url)
        with wiring.using(world.services):
            yield url


def test_a_secretary_comes_in_by_a_real_provider(world: World, visitor: Visitor, issuer: str) -> None:
    invite(world)
    answer = visitor.get(f"{DESK}/agents")
    assert answer.headers["Location"].startswith(f"{issuer}/")

    back = go_through(answer.headers["Location"])
    entry = visitor.get(f"{urlsplit(back).path}?{urlsplit(back).query}")

    assert (entry.status_code, entry.headers["Location"]) == (303, DESK)
    assert "Basile Troglodyte" in visitor.get(DESK).text
    assert read_member(world).agent == "agent-real"


def test_she_attaches_it_to_an_access_with_a_password(world: World, visitor: Visitor, issuer: str) -> None:
    enter(world, visitor)
    visitor.post(f"{DESK}/mon-acces/proconnect", {"mot_de_passe": PASSWORD})
    (link,) = re.findall(r'href="([^"]+/aller[^"]+)"', visitor.get(f"{DESK}/mon-acces/proconnect").text)

    back = urlsplit(go_through(visitor.get(link).headers["Location"]))
    answer = visitor.get(f"{back.path}?{back.query}")

    assert issuer
    assert answer.headers["Location"] == f"{DESK}/mon-acces?fait=proconnect"
    assert read_member(world).agent == "agent-real"


def test_she_proves_it_again_there(world: World, visitor: Visitor, issuer: str) -> None:
    member(world, agent="agent-real")
    for question in ("", "?confirmer=1"):
        back = urlsplit(go_through(visitor.get(f"{DESK}/agents{question}").headers["Location"]))
        assert back.geturl().startswith(PUBLIC_URL), issuer
        visitor.get(f"{back.path}?{back.query}")

    assert "proven_at" in world.aws.everything(world.resources)


@pytest.mark.parametrize("issuer", ["eidas1"], indirect=True)
def test_one_factor_there_opens_nothing(world: World, visitor: Visitor, issuer: str) -> None:
    member(world)

    back = urlsplit(go_through(visitor.get(f"{DESK}/agents").headers["Location"]))
    answer = visitor.get(f"{back.path}?{back.query}")

    assert issuer
    assert answer.status_code == 401
    assert "Recommencez en utilisant le second facteur" in answer.text
    assert visitor.get(DESK).headers["Location"] == f"{DESK}/connexion"


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_family_enters_by_a_real_provider_and_logs_out_there(world: World, visitor: Visitor, algorithm: str) -> None:
    world.now, browser = datetime.now(UTC).replace(microsecond=0), new_browser()
    world.services.accounts.enter_mailboxes(world.settle(ROSSIGNOL))
    access, after = "/extranet/compte/acces", f"{PUBLIC_URL}/extranet/usager"
    with running(f"{PUBLIC_URL}{access}/franceconnect/retour", EMAIL, "eidas1", algorithm, after) as url:
        world.services = with_franceconnect(world.services, url)
        with wiring.using(world.services):
            back = urlsplit(go_through(visitor.get(f"{access}/franceconnect").headers["Location"], browser))
            visitor.get(f"{back.path}?{back.query}")
            visitor.post(f"{access}/franceconnect/associer", {"action": "e-mail"})
            world.deliver()
            visitor.post(f"{access}/code", {"code": mailed_code(world)})
            assert "Famille Rossignol" in visitor.get("/extranet/compte").text
            goodbye = visitor.post("/extranet/compte/deconnexion").headers["Refresh"].removeprefix("0; url=")
        with browser.open(goodbye, timeout=10) as page:  # it asks for a confirmation
            text = page.read().decode()
        (action,), (xsrf,) = re.findall(r'action="([^"]+)"', text), re.findall(r'name="xsrf" value="([^"]+)"', text)
        assert go_through(action, browser, f"xsrf={xsrf}&logout=yes".encode()).startswith(f"{after}?state=")
