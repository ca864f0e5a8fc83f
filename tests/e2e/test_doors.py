"""Answers of the public address with their headers, as deployed: pages of the bucket, pages of the function."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookies import SimpleCookie

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import load_network
from chalicelib.web.responses import SECURITY_HEADERS
from operations.deploy.stack import API_STAGE
from operations.pages.bucket import StoredObject
from operations.pages.build import build
from tests.support.breaker import wait_for
from tests.support.stack_visitor import HOME, LOGIN, LOST_PASSWORD, Answer, Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

STORED = list(build(load_network(), Periods()))
HTML = "text/html; charset=utf-8"


def carries_security_headers(answer: Answer) -> bool:
    return all(answer.headers.get_all(name) == [value] for name, value in SECURITY_HEADERS.items())


@pytest.mark.parametrize("stored_object", STORED, ids=lambda page: page.key)
def test_a_page_of_the_bucket_is_served_as_it_was_stored(visitor: Visitor, stored_object: StoredObject) -> None:
    answer = visitor.get(f"/{stored_object.key}")

    assert answer.status == 200
    assert answer.headers.get_all("Content-Type") == [stored_object.content_type]
    assert answer.headers.get_all("Cache-Control") == [stored_object.cache_control]
    assert carries_security_headers(answer)
    assert "Set-Cookie" not in answer.headers
    assert (stored_object.content_type != HTML) or answer.is_french_page


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "/extranet"),
        ("/extranet/", "/extranet"),
        ("/extranet/usager/", "/extranet/usager"),
        ("/extranet/compte/", "/extranet/compte"),
        ("//elsewhere.example/", "/elsewhere.example"),
    ],
)
def test_a_trailing_slash_is_taken_off(visitor: Visitor, path: str, location: str) -> None:
    answer = visitor.get(path)

    assert (answer.status, answer.headers["Location"]) == (301, location)
    assert carries_security_headers(answer)


def test_who_comes_without_tls_is_sent_to_tls(visitor: Visitor) -> None:
    answer = visitor.send_in_clear("/extranet/usager")

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{visitor.host}/extranet/usager")


@pytest.mark.parametrize("path", ["/extranet/rien", "/rien", "/extranet/compte/rien", "/extranet/compterien"])
def test_what_is_not_there_gets_the_whole_page(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status, answer.is_french_page) == (404, True)
    assert "Page introuvable" in answer.text
    assert carries_security_headers(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/extranet"), ("PUT", "/extranet/usager"), ("DELETE", LOGIN), ("GET", LOGIN), ("PATCH", HOME)],
)
def test_a_method_that_a_path_does_not_take(visitor: Visitor, method: str, path: str) -> None:
    answer = visitor.send(method, path)

    assert (answer.status, answer.is_french_page) == (405, True)
    assert answer.headers["Allow"]
    assert carries_security_headers(answer)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("x" * 20_000, "application/x-www-form-urlencoded", 413),
        ('{"identifiant": "x"}', "application/json", 415),
        ("identifiant=x&identifiant=y", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_no_form_of_ours_sends(visitor: Visitor, body: str, kind: str, status: int) -> None:
    answer = visitor.send("POST", LOST_PASSWORD, body, {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"})

    assert (answer.status, answer.is_french_page) == (status, True)
    assert carries_security_headers(answer)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_form_on_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = visitor.send("POST", LOGIN, "site=&identifiant=x&mot_de_passe=y", form | headers)

    assert (answer.status, answer.is_french_page) == (403, True)


def test_the_public_address_is_the_origin_that_forms_may_come_from(visitor: Visitor) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{visitor.host}"}

    answer = visitor.send("POST", LOGIN, "site=&identifiant=x&mot_de_passe=y", form)

    assert answer.status == 422


def test_a_session_is_a_cookie_of_this_host_over_tls_only(visitor: Visitor) -> None:
    answer = visitor.log_in("bondoufle-gounod", "DUO6002", "Cymbale9Claire")

    assert (answer.status, answer.headers["Location"]) == (303, "/extranet/compte")
    session, device = sorted(answer.headers.get_all("Set-Cookie", []), reverse=True)  # « = » sorts after « - »
    assert re.fullmatch(r"__Host-clef=[\w.-]+; Path=/; HttpOnly; SameSite=Lax; Secure", session)
    assert re.fullmatch(r"__Host-clef-appareil=[\w.~-]+; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+", device)
    assert visitor.cookies == {name: cookie.value for name, cookie in SimpleCookie(f"{session}; {device}").items()}


def test_what_makes_a_browser_known_reaches_the_service(visitor: Visitor) -> None:
    """Its attempts are counted apart from strangers': five failures of its own do not slow it down."""
    visitor.log_in("bondoufle-gounod", "DUO6002", "Cymbale9Claire")
    visitor.cookies.pop("__Host-clef")
    for _ in range(6):
        answer = visitor.log_in("bondoufle-gounod", "DUO6002", "Faux12345")
    visitor.cookies.clear()

    assert answer.status == 429
    assert visitor.log_in("bondoufle-gounod", "DUO6002", "Cymbale9Claire").status == 303


def test_pages_behind_login_are_kept_by_no_cache(visitor: Visitor) -> None:
    visitor.log_in("bondoufle-gounod", "DUO6002", "Cymbale9Claire")

    for path in ("", "/famille", "/eleves", "/facturation", "/accessibilite", "/mot-de-passe"):
        answer = visitor.get(f"/extranet/compte{path}")

        assert (answer.status, answer.is_french_page) == (200, True)
        assert answer.headers.get_all("Cache-Control") == ["no-store"]
        assert "Content-Encoding" not in answer.headers
        assert carries_security_headers(answer)


def test_logging_out_takes_the_cookie_away_and_ends_the_session(visitor: Visitor) -> None:
    visitor.log_in("bondoufle-gounod", "DUO6002", "Cymbale9Claire")
    cookies = dict(visitor.cookies)
    (proof,) = re.findall(r'name="jeton" value="([^"]+)"', visitor.get("/extranet/compte").text)[:1]

    answer = visitor.post("/extranet/compte/deconnexion", {"jeton": proof})

    assert (answer.status, answer.headers["Location"]) == (303, "/extranet/usager")
    assert answer.headers["Set-Cookie"] == "__Host-clef=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    visitor.cookies = cookies
    assert visitor.get("/extranet/compte").headers["Location"] == "/extranet/usager"


def test_without_a_session_a_page_behind_login_leads_to_the_form(visitor: Visitor) -> None:
    answer = visitor.get("/extranet/compte")

    assert (answer.status, answer.headers["Location"]) == (303, "/extranet/usager")
    assert carries_security_headers(answer)


def test_the_api_refuses_who_does_not_come_through_the_cdn(stack: Stack) -> None:
    guess = urllib.request.Request(
        f"{stack.api_url}/extranet/compte",
        headers={"X-Clef-Cdn": "a guess", "CloudFront-Viewer-Address": "192.0.2.7:1"},
    )

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(guess, timeout=120)

    with error.value as answer:
        assert (answer.code, '<html lang="fr">' in answer.read().decode()) == (403, True)


def test_a_viewer_cannot_tell_the_api_what_the_cdn_tells_it(visitor: Visitor) -> None:
    headers = {"X-Clef-Cdn": "a guess", "CloudFront-Viewer-Address": "nobody", "X-Forwarded-Proto": "http"}

    assert visitor.get("/extranet/compte", **headers).status == 303


def test_the_bucket_is_closed_to_who_does_not_come_through_the_cdn(stack: Stack) -> None:
    page = f"{stack.emulator.endpoint_url}/{stack.outputs.pages_bucket}/extranet"

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(page, timeout=120)

    with error.value as answer:
        assert answer.code == 403


def test_the_cdn_tells_the_api_who_asks(stack: Stack) -> None:
    cloudfront = stack.aws.client("cloudfront")
    config = cloudfront.get_distribution_config(Id=stack.outputs.distribution_id)["DistributionConfig"]

    used = {behaviour.get("OriginRequestPolicyId", "") for behaviour in config["CacheBehaviors"]["Items"]}

    used.remove("")  # calendars, whose function is told nothing
    assert len(used) == 3  # families', that of their login methods, and the desk's
    for name in used:
        policy = cloudfront.get_origin_request_policy(Id=name)["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
        assert "CloudFront-Viewer-Address" in policy["HeadersConfig"]["Headers"]["Items"]


@contextmanager
def limited(stack: Stack, path: str, rate: int, burst: int) -> Iterator[None]:
    """Lower the gateway's limit of a path inside the block: an emulator is too slow for the real one."""
    gateway, api = stack.aws.client("apigateway"), stack.outputs.rest_api_id
    setting = f"/{path.replace('/', '~1')}/POST/throttling"

    def update(rate: float, burst: int) -> None:
        limits = {"rateLimit": rate, "burstLimit": burst}
        patch = [{"op": "replace", "path": f"{setting}/{name}", "value": str(value)} for name, value in limits.items()]
        gateway.update_stage(restApiId=api, stageName=API_STAGE, patchOperations=patch)

    settings = gateway.get_stage(restApiId=api, stageName=API_STAGE)["methodSettings"]
    [real] = [own for name, own in settings.items() if name.replace("~1", "/").strip("/") == f"{path}/POST".strip("/")]
    update(rate, burst)
    yield
    update(real["throttlingRateLimit"], real["throttlingBurstLimit"])


def test_the_gateway_slows_down_who_asks_too_much(visitor: Visitor, stack: Stack) -> None:
    with limited(stack, LOST_PASSWORD, 1, 20), ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: Visitor(stack).post(LOST_PASSWORD, {}), range(60)))

    refusals = [answer for answer in answers if answer.status == 429]
    assert {answer.status for answer in answers} == {422, 429}
    assert all(answer.is_french_page and carries_security_headers(answer) for answer in refusals)
    wait_for(lambda: visitor.post(LOST_PASSWORD, {}).status == 422)
