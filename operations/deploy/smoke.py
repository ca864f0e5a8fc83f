"""Smoke test: a family's first requests through the public address, and a direct request that must be refused."""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

from operations.deploy.stack import StackAddress
from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyAnswer


def request(
    address: StackAddress, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> JourneyAnswer:
    """GET a path, or POST a form to it. Status 0: no answer, and the text gives the reason."""
    browser = Browser(address, headers={"Accept": "text/html", **(headers or {})})
    try:
        return browser.send(path, urlsplit(address.url).path + path, form)
    except (OSError, HTTPException) as error:
        return JourneyAnswer(0, "", f"{type(error).__name__}: {error}")
    finally:
        browser.close()


_ASSET = re.compile(r'"(/extranet/assets/[^"]+\.css)"')
_NEW_FAMILIES = "/extranet/pre-inscription"
_METHODS = "/extranet/compte/acces"
_TRIES = 6  # a new distribution takes some seconds to reach the edges


@dataclass(frozen=True)
class Result:
    """A check, and the fault found. Empty if it passed."""

    check: str
    wrong: str = ""

    def line(self) -> str:
        """Format the result."""
        return f"  {'FAILED' if self.wrong else 'ok':<7}{self.check}" + (f": {self.wrong}" if self.wrong else "")


@dataclass(frozen=True)
class SmokeTest:
    """A stage to test. `origin`: its public address, if it is reached by another name."""

    public: StackAddress
    api_url: str
    site: str
    origin: str = ""
    pause: float = 5
    has_applicants: bool = True  # and so a function for them

    def results(self) -> Iterator[Result]:
        """Check the page, an asset, a wrong login, pages of two other functions, the API without the CDN's secret."""
        public, origin, paths = self.public, self.origin or self.public.url, ["/extranet/compte", _METHODS]
        yield self._try("GET /extranet gives the page", lambda: _page(public))
        yield self._try("an asset is served for a year", lambda: _asset(public))
        yield self._try("a wrong login is refused (401)", lambda: _wrong_login(public, self.site, origin))
        if self.has_applicants:
            paths.append(_NEW_FAMILIES)
            yield self._try("« Pré-inscription » comes from its own function", lambda: _new_families(public))
        yield self._try("the login methods have their own function", lambda: _login_methods(public))
        yield self._try(
            "the API refuses requests that bypass the CDN (403)", lambda: _around_the_cdn(self.api_url, paths)
        )

    def _try(self, subject: str, attempt: Callable[[], str]) -> Result:
        wrong = attempt()
        for _ in range(_TRIES - 1):
            if not wrong:
                break
            time.sleep(self.pause)
            wrong = attempt()
        return Result(subject, wrong)


def _page(public: StackAddress) -> str:
    answer = request(public, "/extranet")
    if "text/html" not in answer.headers.get("content-type", ""):
        return _description(answer)
    if "content-security-policy" not in answer.headers:
        return "without its security headers"
    return "" if answer.status == 200 and _ASSET.search(answer.text) else _description(answer)  # noqa: PLR2004 - HTTP's


def _asset(public: StackAddress) -> str:
    stylesheet = _ASSET.search(request(public, "/extranet").text)
    if not stylesheet:
        return "the page names no style sheet"
    answer = request(public, stylesheet.group(1))
    if "immutable" not in answer.headers.get("cache-control", "") or answer.status != 200:  # noqa: PLR2004 - the same
        return _description(answer)
    return ""


def _wrong_login(public: StackAddress, site: str, origin: str) -> str:
    # Another name each time, as attempts at one name are slowed down. `Origin` must be the functions' own public
    # address.
    form = {"site": site, "identifiant": f"essai-{secrets.token_hex(6)}", "mot_de_passe": secrets.token_urlsafe(12)}
    answer = request(public, "/extranet/compte/connexion", form, {"Origin": origin})
    if answer.status == 403:  # noqa: PLR2004 - the same
        return f"403: the functions know another public address than {origin}, or another secret than the CDN's"
    return "" if answer.status == 401 else _description(answer)  # noqa: PLR2004 - the same


def _new_families(public: StackAddress) -> str:
    answer = request(public, _NEW_FAMILIES)
    if answer.headers.get("cache-control") != "no-store":  # the bucket still has a page of that name, or none
        return f"the page is none of the function's: {_description(answer)}"
    return "" if answer.status == 200 else _description(answer)  # noqa: PLR2004 - the same


def _login_methods(public: StackAddress) -> str:
    answer = request(public, _METHODS)
    # Without a session it leads to « Connexion ». A version that a promotion went back to may have no such page.
    return "" if answer.status in {303, 404} else _description(answer)


def _around_the_cdn(api_url: str, paths: Iterable[str]) -> str:
    answers = [request(StackAddress(api_url), path) for path in paths]
    return next((_description(answer) for answer in answers if answer.status != 403), "")  # noqa: PLR2004 - the same


def _description(answer: JourneyAnswer) -> str:
    if not answer.status:
        return answer.text
    return f"answered {answer.status} {answer.headers.get('content-type', '')}".rstrip()
