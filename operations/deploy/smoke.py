"""The smoke test: what a family meets first, through the public address, and a door that must stay shut."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from operations.deploy.addresses import Address
from operations.deploy.probe import Answer, request

_ASSET = re.compile(r'"(/extranet/assets/[^"]+\.css)"')
_TRIES = 6  # a new distribution needs some seconds at its edges


@dataclass(frozen=True)
class Result:
    """One thing tried, and what was wrong with it; nothing if it is as it should be."""

    what: str
    wrong: str = ""

    def line(self) -> str:
        """Show it."""
        return f"  {'FAILED' if self.wrong else 'ok':<7}{self.what}" + (f": {self.wrong}" if self.wrong else "")


def smoke_test(
    public: Address, api_url: str, site: str, origin: str | None = None, pause: float = 5
) -> Iterator[Result]:
    """Try the page, an asset, a login that must be refused, and the API without the CDN's secret.

    `origin` is the public address where the stage is reached by another name than that.
    """
    origin = origin or public.url
    yield _try_for_a_while("GET /extranet gives the page", lambda: _page(public), pause)
    yield _try_for_a_while("an asset is served for a year", lambda: _asset(public), pause)
    yield _try_for_a_while("a wrong login is refused (401)", lambda: _wrong_login(public, site, origin), pause)
    yield _try_for_a_while(
        "the API refuses who does not come through the CDN (403)", lambda: _around_the_cdn(api_url), pause
    )


def _try_for_a_while(what: str, attempt: Callable[[], str], pause: float) -> Result:
    wrong = attempt()
    for _ in range(_TRIES - 1):
        if not wrong:
            break
        time.sleep(pause)
        wrong = attempt()
    return Result(what, wrong)


def _page(public: Address) -> str:
    answer = request(public, "/extranet")
    if "text/html" not in answer.headers.get("content-type", ""):
        return _description(answer)
    if "content-security-policy" not in answer.headers:
        return "without its security headers"
    return "" if answer.status == 200 and _ASSET.search(answer.text) else _description(answer)  # noqa: PLR2004 - HTTP's


def _asset(public: Address) -> str:
    found = _ASSET.search(request(public, "/extranet").text)
    if not found:
        return "the page names no style sheet"
    answer = request(public, found.group(1))
    if "immutable" not in answer.headers.get("cache-control", "") or answer.status != 200:  # noqa: PLR2004 - the same
        return _description(answer)
    return ""


def _wrong_login(public: Address, site: str, origin: str) -> str:
    # Another name each time: tries at one name are slowed down. `Origin` must be the functions' own public address.
    form = {"site": site, "identifiant": f"essai-{secrets.token_hex(6)}", "mot_de_passe": secrets.token_urlsafe(12)}
    answer = request(public, "/extranet/compte/connexion", form, {"Origin": origin})
    if answer.status == 403:  # noqa: PLR2004 - the same
        return f"403: the functions know another public address than {origin}, or another secret than the CDN's"
    return "" if answer.status == 401 else _description(answer)  # noqa: PLR2004 - the same


def _around_the_cdn(api_url: str) -> str:
    answer = request(Address(api_url), "/extranet/compte")
    return "" if answer.status == 403 else _description(answer)  # noqa: PLR2004 - the same


def _description(answer: Answer) -> str:
    if not answer.status:
        return answer.text
    return f"answered {answer.status} {answer.headers.get('content-type', '')}".rstrip()
