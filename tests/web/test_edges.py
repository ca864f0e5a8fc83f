"""One contract for the edges of all kinds of visitors: each answers the same requests alike, at doors of its own."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from chalice.app import Chalice, Response

import chalicelib
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.services.family import Services
from chalicelib.settings.wings import has
from chalicelib.web.edge import FormBlueprint, PageRequest, VisitorKind
from chalicelib.web.family.edge import FAMILY, FamilyRequest
from chalicelib.web.login_methods.edge import METHODS, MethodsRequest
from chalicelib.web.office.edge import STAFF, DeskDoor
from chalicelib.web.requests import BODY_BYTES
from chalicelib.web.responses import SECURITY_HEADERS, file
from chalicelib.wings.admission.web.edge import APPLICANT, ApplicantRequest
from chalicelib.wings.payment.flows.pay import NOTICE_PATH
from chalicelib.wings.teaching.web.teacher.edge import TEACHER
from tests.support.admission import applicant, token_of
from tests.support.events import FORM, event
from tests.support.households import open_session
from tests.support.staff import SECRETARY, entered
from tests.support.staff import TEACHER as TEACHER_EMAIL
from tests.support.teaching import enter_as_teacher
from tests.support.wing_examples import is_here
from tests.support.world import CDN_SECRET, PUBLIC_URL, Visitor, World

PAGE: Final = "/essai/{essai}"
OPEN: Final = "/ouvert/{essai}"
PARTS: Final = ("a1b2c3d4", "a1b2c3d4-2", "R_27", "0", "a" * 64)
NO_PARTS: Final = ("", "a" * 65, "a b", "a%20b", "%2e%2e", "..", "é", "%C3%A9", "a\n", "a\0", "\ud800", "١", "a/b")
NAME: Final = "Zélie Rossignol"  # typed by a visitor, and in the message of an error


@dataclass(frozen=True)
class Edge:
    """A kind of visitor: its cookie, the door of a page of its own, and the address to which others are sent."""

    kind: VisitorKind[...]
    cookie: str
    start: str
    closed: tuple[Any, ...]
    open: tuple[Any, ...] = ()


EDGES: Final = {
    "family": Edge(FAMILY, "clef", "/extranet/usager", (FamilyRequest.enter,)),
    "login_methods": Edge(METHODS, "clef", "/extranet/usager", (MethodsRequest.enter,)),
    "staff": Edge(STAFF, "clef-bureau", "/extranet/bureau/connexion", ("reader",), (None,)),
}
if has("admission"):
    EDGES["applicant"] = Edge(APPLICANT, "clef-demande", "/extranet/pre-inscription", (ApplicantRequest.enter,))
if has("teaching"):
    EDGES["teacher"] = Edge(TEACHER, "clef-bureau", "/extranet/enseignant", ("teacher",), (None,))
every_edge = pytest.mark.parametrize("name", EDGES)
Sessions = dict[str, tuple[Token, Token]]


@pytest.fixture
def sessions(world: World, visitor: Visitor) -> Sessions:
    """Open two sessions of each kind of visitor."""
    if has("teaching"):
        enter_as_teacher(world, visitor)
    account = world.settle()

    def of_applicant() -> Token:
        applicant(world, visitor)
        return token_of(visitor)

    visitors = {
        "family": (open_session(world, account), open_session(world, account)),
        "login_methods": (open_session(world, account), open_session(world, account)),
        "staff": (entered(world, SECRETARY).token, entered(world, SECRETARY).token),
    }
    if has("admission"):
        visitors["applicant"] = (of_applicant(), of_applicant())
    if has("teaching"):
        visitors["teacher"] = (entered(world, TEACHER_EMAIL).token, entered(world, TEACHER_EMAIL).token)
    world.log.truncate(0)
    return visitors


@dataclass
class Door:
    """A page of a kind of visitor, and an open one: each gives the part of its address back, or fails."""

    world: World
    name: str
    token: Token | None = None
    fails: Exception | None = None

    def __post_init__(self) -> None:
        self.edge = EDGES[self.name]
        routes = FormBlueprint(__name__, self.edge.kind)
        for path, doors in ((PAGE, self.edge.closed), (OPEN, self.edge.open)):
            routes.get(path, *doors)(self._view)
            routes.post(path, *doors)(self._view)
        self.app = Chalice(app_name="edges", configure_logs=False)
        self.app.register_blueprint(routes)

    def _view(self, request: PageRequest[Services], *_arguments: object) -> Response:
        if self.fails:
            raise self.fails
        try:
            request.check_lengths()
        except FieldsRefused as refusal:
            return Response(sorted(refusal.fields), {**SECURITY_HEADERS, "Cache-Control": "no-store"}, 422)
        return file("essai.txt", "text/plain", request.parts["essai"])

    def ask(self, method: str = "GET", path: str = PAGE, part: str = "a1", **more: Any) -> dict[str, Any]:
        """Send a request with the session's cookie. `form`: its fields. `cookies`: instead of it."""
        cookies = more.pop("cookies", f"{self.edge.cookie}={self.token.cookie}" if self.token else "")
        headers = {"cookie": cookies, **more.pop("headers", {})}
        body = urlencode(more.pop("form", {}))
        self.world.aws.calls.clear()
        answer = self.app(
            event(path, method, headers=headers, **{"pathParameters": {"essai": part}, "body": body} | more), None
        )
        assert answer["headers"].items() >= SECURITY_HEADERS.items()
        assert answer["headers"]["Cache-Control"] == "no-store"
        assert answer["statusCode"] < 400 or answer["statusCode"] == 422 or '<html lang="fr">' in answer["body"]
        return dict(answer)

    def post(self, form: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """Send a form from a page of ours, if the headers are not others."""
        return self.ask("POST", form=form or {}, **{"headers": OURS[0]} | more)

    def refusals(self) -> list[tuple[str, str]]:
        """List the events of the record, with their reasons."""
        return [(line["event"], line.get("why", "")) for line in self.world.events()]


OURS: Final[list[dict[str, str]]] = [
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
    {"origin": PUBLIC_URL},
    {"referer": PUBLIC_URL + "/extranet/usager"},
]
NOT_OURS: Final = (
    "https://ailleurs.example.org",
    "null",
    f"{PUBLIC_URL}.example.org",
    PUBLIC_URL.replace("http:", "https:"),
)
PAGES_OF_OTHERS: Final = (
    f"{NOT_OURS[0]}/?{PUBLIC_URL}",
    f"{PUBLIC_URL}@ailleurs.example.org/",
    "",
    "http://[not-an-address",
)
CROSS_SITE: Final = [
    *({"sec-fetch-site": site} for site in ("cross-site", "same-site", "")),
    {"sec-fetch-site": "cross-site", "origin": PUBLIC_URL},
    *({"origin": origin} for origin in NOT_OURS),
    *({"referer": page} for page in PAGES_OF_OTHERS),
]


@every_edge
def test_a_session_opens_the_pages_of_its_own_kind_of_visitor_only(world: World, sessions: Sessions, name: str) -> None:
    door = Door(world, name)
    cookies = [f"{edge.cookie}={sessions[second][0].cookie}" for second, edge in EDGES.items() if second != name]
    session_cookie = f"{door.edge.cookie}={sessions[name][0].cookie}"

    for path in (PAGE, OPEN):
        assert door.ask(path=path, cookies=session_cookie)["body"] == "a1"
    assert door.ask(cookies="; ".join((session_cookie, *cookies)))["body"] == "a1"  # a browser holds those of all kinds
    for second, edge in EDGES.items():
        for cookie in {edge.cookie, door.edge.cookie}:
            answer = door.ask(cookies=f"{cookie}={sessions[second][0].cookie}")
            is_colleague = edge.cookie == door.edge.cookie  # teachers and other staff log in alike
            if edge.closed != door.edge.closed:  # families' two functions have one session
                expected = (404, None) if is_colleague else (303, door.edge.start)
                assert (answer["statusCode"], answer["headers"].get("Location")) == expected, (second, cookie)


@every_edge
def test_without_a_session_of_ours_each_page_leads_to_its_start(world: World, sessions: Sessions, name: str) -> None:
    real, door = sessions[name][0], Door(world, name)
    sites = [f"{site}.{real.secret}" for site in ("ailleurs", "evry-magnard", "demande", "bureau") if site != real.site]
    made_up = ("", ".", f"{real.cookie}x", real.cookie[:-1], f"{real.site}.", *sites, "x" * 3000, "é")

    for cookies in ("", *(f"{door.edge.cookie}={value}" for value in made_up)):
        for method in ("GET", "POST"):
            answer = door.ask(method, cookies=cookies, headers=OURS[0])
            # The desk says so where a browser shows a session that is over.
            assert answer["statusCode"] == 303, cookies
            assert answer["headers"]["Location"].removesuffix("?fait=terminee") == door.edge.start, cookies
        assert door.ask(path=OPEN, cookies=cookies)["body"] == "a1"


@every_edge
def test_a_form_is_taken_with_a_header_of_ours_or_its_proof(world: World, sessions: Sessions, name: str) -> None:
    door = Door(world, name, sessions[name][0])

    for headers in OURS:
        assert door.post(headers=headers)["body"] == "a1", headers
    assert door.post({"jeton": sessions[name][0].form_proof}, headers={})["body"] == "a1"
    assert door.post(path=OPEN, headers={})["body"] == "a1"
    for proof in ("", "0" * 64, "é", "x.y", sessions[name][1].form_proof, sessions["family"][1].form_proof):
        assert (door.post({"jeton": proof}, headers={})["statusCode"], world.aws.calls) == (403, []), proof
    assert set(door.refusals()) == {("cross_site_refused", "no_form_proof")}


@every_edge
@pytest.mark.parametrize("path", [PAGE, OPEN])
def test_a_form_of_another_site_is_refused(world: World, sessions: Sessions, name: str, path: str) -> None:
    door = Door(world, name, sessions[name][0])

    for headers in CROSS_SITE:
        answer = door.post({"jeton": sessions[name][0].form_proof}, path=path, headers=headers)
        assert (answer["statusCode"], world.aws.calls) == (403, []), headers
    assert door.refusals() == [("cross_site_refused", "cross_site")] * len(CROSS_SITE)


@every_edge
def test_a_form_that_is_too_large_or_of_another_type_is_refused(world: World, sessions: Sessions, name: str) -> None:
    door = Door(world, name, sessions[name][0])
    fields = {f"f{number}": "" for number in range(door.edge.kind.most_fields)}

    assert door.post(fields)["body"] == "a1"
    assert json.loads(door.post({"nom": NAME * 100})["body"]) == ["nom"]
    assert door.post(fields | {"nom": ""})["statusCode"] == 400
    assert door.post({"nom": "a" * BODY_BYTES})["statusCode"] == 413
    for content_type in ("", "application/json", "multipart/form-data; boundary=x", "text/plain", FORM + "x"):
        headers = OURS[0] | {"content-type": content_type}
        assert door.post({"nom": "a"}, headers=headers)["statusCode"] == 415, content_type
    assert NAME not in world.log.getvalue()


@every_edge
def test_a_method_that_a_page_does_not_serve_gets_405(world: World, sessions: Sessions, name: str) -> None:
    door = Door(world, name, sessions[name][0])

    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = door.ask(method, part="..")
        assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD, POST")
        assert world.aws.calls == []


@every_edge
def test_a_part_that_no_address_of_ours_has_gets_404(world: World, sessions: Sessions, name: str) -> None:
    door = Door(world, name, sessions[name][0])

    for part in PARTS:
        assert door.ask(part=part)["body"] == part
    for part in NO_PARTS:
        answer = door.ask(part=part)
        assert (answer["statusCode"], world.aws.calls) == (404, []), part
        assert "Page introuvable" in answer["body"]
    assert world.log.getvalue() == ""


@every_edge
@pytest.mark.parametrize("path", [PAGE, OPEN])
def test_an_error_of_ours_is_a_page_without_its_message(world: World, sessions: Sessions, name: str, path: str) -> None:
    door = Door(world, name, sessions[name][0], LookupError(NAME))

    answer = door.post({"nom": NAME}, path=path)

    assert answer["statusCode"] == 500
    assert [word for word in ("Zélie", "Rossignol", "LookupError", "Traceback") if word in answer["body"]] == []
    line = world.events()[-1]
    assert (line["event"], line["what"].partition(":")[0]) == ("error", "LookupError at test_edges.py")
    assert "Rossignol" not in world.log.getvalue()


@every_edge
def test_a_failing_dependency_is_a_page_to_open_again_later(world: World, sessions: Sessions, name: str) -> None:
    failing = Door(world, name, sessions[name][0], Unavailable("dynamodb GetItem"))
    answers = [failing.ask(), failing.post(), failing.ask(path=OPEN)]
    door = Door(world, name, sessions[name][0])
    for fault in ({}, {"answer": b"<html>"}):
        with world.aws.failing("GetItem", "before", **fault):
            answers.append(door.ask())

    assert {(answer["statusCode"], answer["headers"]["Retry-After"]) for answer in answers} == {(503, "60")}
    assert [event for event, _ in door.refusals()] == ["unavailable"] * len(answers)
    assert door.ask()["body"] == "a1"  # the session is still open


@every_edge
@pytest.mark.parametrize("secret", ["", "wrong", hashlib.sha256(CDN_SECRET.encode()).hexdigest()])
def test_what_did_not_come_through_the_cdn_is_refused(world: World, sessions: Sessions, name: str, secret: str) -> None:
    door = Door(world, name, sessions[name][0])

    for headers in ({"x-clef-cdn": secret}, {"cloudfront-viewer-address": secret}):
        assert (door.ask(headers=headers)["statusCode"], world.aws.calls) == (403, [])
    assert door.refusals() == [("not_through_cdn", "cdn")] * 2


@every_edge
def test_a_request_is_checked_in_order_and_nothing_read_before(world: World, sessions: Sessions, name: str) -> None:
    """By the CDN's secret, the method, the address, the site, the form, its proof, and only then the session."""
    door = Door(world, name)
    request: dict[str, Any] = {
        "method": "PUT",
        "part": "..",
        "cookies": f"{door.edge.cookie}={sessions[name][1].cookie}x",
        "form": {"nom": "a" * BODY_BYTES, "jeton": "x"},
        "headers": {"x-clef-cdn": "", "sec-fetch-site": "cross-site"},
    }

    statuses = []
    mends: tuple[dict[str, Any], ...] = (
        {},
        {"headers": {"sec-fetch-site": "cross-site"}},
        {"method": "POST"},
        {"part": "a1"},
        {"headers": {}},
        {"form": {"jeton": "x"}},
    )
    for mended in mends:
        request |= mended
        statuses.append(door.ask(**request)["statusCode"])
        assert world.aws.calls == [], mended

    assert statuses == [403, 405, 404, 403, 413, 403]
    assert [why for _, why in door.refusals()] == ["cdn", "method", "cross_site", "too_large", "no_form_proof"]
    assert door.ask(**request | {"headers": OURS[0]})["statusCode"] == 303


OPEN_TO_ALL: Final = {  # of families and applicants. The desk's declare it
    *(f"/extranet/compte/{page}" for page in ("connexion", "deconnexion", "mot-de-passe-perdu", "identifiant-perdu")),
    *(f"/extranet/compte/acces/{page}" for page in ("cle", "premiere-connexion", "code", "choix")),
    *(f"/extranet/compte/{page}" for page in ("ce-n-est-pas-moi", "ce-n-est-pas-moi/{lien}", "agenda/{lien}")),
    f"{NOTICE_PATH}/{{site}}/{{famille}}/{{tentative}}",  # unsigned: it only causes a question
    *(f"/extranet/pre-inscription{page}" for page in ("", "/code", "/suivi", "/quitter", "/conservatoires/{site}")),
    *(f"/extranet/compte/acces/franceconnect{page}" for page in ("", "/retour", "/choix", "/associer")),
}


def closed_routes(kind: VisitorKind[...]) -> Iterator[tuple[str, str]]:
    """List the routes of a kind of visitor that need a session, by method and address."""
    modules = (
        import_module(module.name)
        for module in walk_packages(chalicelib.__path__, "chalicelib.")
        if is_here(module.name)
    )
    blueprints = (getattr(module, "routes", None) for module in modules)
    for routes in [routes for routes in blueprints if isinstance(routes, FormBlueprint) and routes.kind is kind]:
        for (method, path), door in routes.doors.items():
            if door.right if isinstance(door, DeskDoor) else path not in OPEN_TO_ALL:
                yield method, re.sub(r"\{\w+\}", "a1", path)


@every_edge
def test_no_page_or_form_opens_without_its_proof(world: World, visitor: Visitor, sessions: Sessions, name: str) -> None:
    edge, routes = EDGES[name], sorted(closed_routes(EDGES[name].kind))
    assert {method for method, _ in routes} == {"GET", "POST"}
    before = world.aws.everything(world.resources)
    visitor.show(None, edge.cookie)
    for method, address in routes:
        answer = visitor.send(method, address, headers=visitor.headers)
        assert (answer.status_code, answer.headers.get("Location")) == (303, edge.start), address

    visitor.show(sessions[name][0].cookie, edge.cookie)
    visitor.headers = {}
    for method, address in routes:
        if method == "POST":
            assert visitor.post(address, {"jeton": sessions[name][1].form_proof}).status_code == 403, address
    assert world.aws.everything(world.resources) == before
