"""The edge: requests that are not ours are refused early, in French, and leave no trace of typed values."""

import base64
import json
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from app import app
from chalicelib.settings.wings import has
from chalicelib.web.responses import SECURITY_HEADERS
from tests.support.events import FORM, LOGIN, LOST, event
from tests.support.world import PERIOD_READ, PUBLIC_URL, ROSSIGNOL, Visitor, World

CHANGE = "/extranet/compte/mot-de-passe"
LOGOUT = "/extranet/compte/deconnexion"
PAGES = ["", "/famille", "/eleves", *(("/facturation",) * has("billing")), "/accessibilite", "/mot-de-passe"]


def is_french_page(answer: TestResponse) -> bool:
    return answer.content_type == "text/html; charset=utf-8" and '<html lang="fr">' in answer.text


BAD_BODIES = {
    "not UTF-8": (b"site=a&identifiant=%FF%FE&mot_de_passe=x", 400),
    "raw bytes that are not UTF-8": (b"site=a&identifiant=\xff\xfe&mot_de_passe=x", 400),
    "NUL": (b"site=a&identifiant=a%00b&mot_de_passe=x", 400),
    "escape sequence": (b"site=a&identifiant=a&mot_de_passe=%1b[31m", 400),
    "lone surrogate": (b"site=a&identifiant=%ED%A0%80&mot_de_passe=x", 400),
    "a percent sign that encodes nothing": (b"site=a&identifiant=a%zzb&mot_de_passe=x", 400),
    "a percent sign at the end": (b"site=a&identifiant=a&mot_de_passe=100%", 400),
    "half of an encoding": (b"site=a&identifiant=a%4&mot_de_passe=x", 400),
    "an encoding of another kind": (b"site=a&identifiant=a%u00e9&mot_de_passe=x", 400),
    "a field's name that is not encoded": (b"site=a&%zz=a&mot_de_passe=x", 400),
    "repeated field": (b"site=a&identifiant=a&identifiant=b&mot_de_passe=x", 400),
    "fields by the hundred": (b"&".join(b"f%d=1" % number for number in range(100)), 400),
    "16 kB": (b"mot_de_passe=" + b"a" * (16_384 - 13), 422),
    "over 16 kB": (b"mot_de_passe=" + b"a" * (16_384 - 12), 413),
    "1 MB password": (b"mot_de_passe=" + b"a" * 1_000_000, 413),
    "missing fields": (b"", 422),
    "empty fields": (b"site=&identifiant=&mot_de_passe=&email=", 422),
}


@pytest.mark.parametrize("path", [LOGIN, LOST])
@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=list(BAD_BODIES))
def test_bad_input_gets_a_french_page(world: World, visitor: Visitor, path: str, body: bytes, status: int) -> None:
    answer = visitor.post(path, data=body, content_type=FORM)

    assert (answer.status_code, is_french_page(answer)) == (status, True)
    assert world.aws.calls == (PERIOD_READ if status == 422 else [])
    assert "[31m" not in world.log.getvalue()


@pytest.mark.parametrize("content_type", [FORM, FORM.upper(), FORM + "; charset=utf-8", FORM + ";charset=UTF-8"])
def test_a_form_may_say_its_charset(world: World, visitor: Visitor, content_type: str) -> None:
    world.settle()
    body = event()["body"]

    assert visitor.send("POST", LOGIN, data=body, content_type=content_type).status_code == 303


@pytest.mark.parametrize(
    ("body", "is_base64", "status"),
    [
        pytest.param("%%%", True, 400, id="not base64"),
        pytest.param("YQ", True, 400, id="base64 cut short"),
        pytest.param("é", True, 400, id="not even ASCII"),
        pytest.param("identifiant=\ud800", False, 400, id="lone surrogate"),
        pytest.param("identifiant=\N{REPLACEMENT CHARACTER}", False, 400, id="what API Gateway makes of bad bytes"),
        pytest.param(None, False, 422, id="no body"),
        pytest.param(base64.b64encode(b"a=" + b"b" * 16_384).decode(), True, 413, id="too large once decoded"),
    ],
)
def test_a_body_that_is_none_gets_4xx(world: World, body: str | None, is_base64: bool, status: int) -> None:
    answer = app(event(body=body, isBase64Encoded=is_base64), None)

    assert answer["statusCode"] == status
    assert '<html lang="fr">' in answer["body"]
    assert world.aws.calls == (PERIOD_READ if status == 422 else [])


def test_a_base64_body_is_read(world: World) -> None:
    world.settle()
    body = base64.b64encode(event()["body"].encode()).decode()

    assert app(event(body=body, isBase64Encoded=True), None)["statusCode"] == 303


@pytest.mark.parametrize(
    "path", ["/extranet/compte/rien", "/extranet/compte/connexion/plus", "/extranet/rien", "/rien"]
)
def test_an_unknown_path_gets_404_in_french(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, is_french_page(answer)) == (404, True)


def test_an_address_encoded_as_no_browser_does_gets_400_in_french(visitor: Visitor) -> None:
    addresses = (
        *("/extranet/compte/%zz", "/extranet/compte?x=%zz", "/extranet/compte/reinscription/eleves/%", "/%", "/%zz/"),
        *(
            "/extranet/usager?x=100%",
            "/extranet/usager?%u00e9",
            "/extranet/usager%4",
            "/extranet/%gg/?a=b",
            "/_local/%",
        ),
    )

    answers = {
        (method, address): visitor.send(method, "/", environ_overrides=raw(address))
        for address in addresses
        for method in ("GET", "POST")
    }

    assert {asked: each.status_code for asked, each in answers.items() if each.status_code != 400} == {}
    assert all(is_french_page(each) for each in answers.values())
    assert all(dict(each.headers).items() >= SECURITY_HEADERS.items() for each in answers.values())


def test_an_address_encoded_as_browsers_do_is_served(visitor: Visitor) -> None:
    for address in ("/extranet/usager?x=100%25&y=%C3%A9&z=+", "/extranet/usager?x", "/extranet/%61ide"):
        assert visitor.send("GET", "/", environ_overrides=raw(address)).status_code == 200, address


def raw(address: str) -> dict[str, str]:
    """Make the raw address that a server passes on. Werkzeug's client would encode it first."""
    path, _, query = address.partition("?")
    return {"REQUEST_URI": address, "RAW_URI": address, "PATH_INFO": unquote(path), "QUERY_STRING": query}


@pytest.mark.parametrize("page", PAGES)
def test_head_answers_as_get_without_a_body(world: World, visitor: Visitor, page: str) -> None:
    world.settle()
    visitor.log_in()

    answer = visitor.send("HEAD", f"/extranet/compte{page}")

    assert (answer.status_code, answer.data) == (200, b"")


def test_every_answer_carries_the_security_headers(world: World, visitor: Visitor) -> None:
    world.settle()
    answers = [
        visitor.post(LOGIN, {}),
        visitor.send("PUT", LOGIN),
        visitor.get("/extranet/compte"),
        visitor.log_in(),
        visitor.get("/extranet/compte"),
        visitor.get("/extranet/usager"),
        visitor.get("/extranet/rien"),
    ]

    assert {answer.status_code for answer in answers} == {422, 405, 303, 200, 404}
    for answer in answers:
        assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    for answer in answers[:5]:
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_no_inline_code_and_no_frame() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/extranet"),
        ("/extranet/", "/extranet"),
        ("/extranet/usager/", "/extranet/usager"),
        ("//ailleurs.example.org/", "/ailleurs.example.org"),
        ("/\\ailleurs.example.org/", "/%5Cailleurs.example.org"),
    ],
)
def test_a_trailing_slash_leads_to_our_own_page(visitor: Visitor, path: str, target: str) -> None:
    answer = visitor.send("GET", "/", environ_overrides={"PATH_INFO": path})

    assert (answer.status_code, answer.headers["Location"]) == (301, PUBLIC_URL + target)


def test_the_address_is_what_the_cdn_says_and_nothing_else(world: World, visitor: Visitor) -> None:
    for number in range(101):
        visitor.post(
            LOST,
            {"identifiant": f"x{number}", "email": "a@example.org"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "CloudFront-Viewer-Address": f"192.0.2.{number}:1"},
        )

    assert [e["event"] for e in world.events()].count("reset_asked") == 30


def test_an_ipv6_household_is_one_client(world: World) -> None:
    for number in range(31):
        headers = {"cloudfront-viewer-address": f"2001:db8:0:7:{number:x}::1:443"}
        body = f"identifiant=x{number}&email=a@example.org"
        app(event(LOST, headers=headers, body=body), None)

    assert world.events()[-1]["event"] == "reset_slowed"


def test_carriage_returns_cannot_forge_a_line_of_the_record(world: World, visitor: Visitor) -> None:
    identifier = '\r\n{"event": "login_ok"}'
    visitor.post(LOGIN, {"site": ROSSIGNOL.site, "identifiant": identifier, "mot_de_passe": identifier})
    visitor.post(LOST, {"identifiant": identifier, "email": "a@example.org"})

    assert all(isinstance(json.loads(line), dict) for line in world.log.getvalue().splitlines())
    assert [e["event"] for e in world.events()] == ["login_refused", "reset_asked"]
