"""Root files for programs: robots.txt, favicon.ico, security.txt, change-password. Also error pages."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.texts import ERRORS
from chalicelib.settings.environment import load_network
from operations.pages.bucket import StoredObject
from operations.pages.build import build, good_until
from tests.support.french import plain
from tests.support.world import PUBLIC_URL, Visitor, World

SECURITY = "/.well-known/security.txt"
CHANGE = "/.well-known/change-password"
CONTACT = {site.name: site.contact.telephone for site in load_network().sites}


def stored(today: date | None = None) -> dict[str, StoredObject]:
    return {each.key: each for each in build(load_network(), Periods(), today)}


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_robots_may_read_what_is_public_and_are_kept_out_of_the_accounts(visitor: Visitor) -> None:
    answer = visitor.get("/robots.txt")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.splitlines() == ["User-agent: *", "Disallow: /extranet/compte"]


def test_the_icon_of_old_browsers_is_an_icon(visitor: Visitor) -> None:
    answer = visitor.get("/favicon.ico")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    icon = Image.open(io.BytesIO(answer.data))
    assert (icon.format, icon.info["sizes"]) == ("ICO", {(16, 16), (32, 32), (48, 48)})
    assert len(answer.data) < 20_000


def test_a_network_with_a_logo_has_it_as_the_icon_of_old_browsers_too(world: World) -> None:
    network = world.services.settings.network
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
    pages = build(replace(network, look=replace(network.look, logo=logo)), Periods())

    (icon,) = (page for page in pages if page.key == "favicon.ico")

    assert icon.content_type == "image/svg+xml"
    assert b"M0 0h4v4z" in icon.body


def test_who_finds_a_flaw_is_told_whom_to_write_to(visitor: Visitor) -> None:
    answer = visitor.get(SECURITY)

    security = fields(answer.text)
    expires = datetime.fromisoformat(security.pop("Expires"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert security == {
        "Contact": "mailto:securite@extranet.example.fr",
        "Preferred-Languages": "fr",
        "Canonical": PUBLIC_URL + SECURITY,
    }
    assert datetime.now(UTC) < expires


def test_on_whichever_day_it_is_made_it_ends_in_ten_months_or_more_and_within_a_year() -> None:
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(0, 900, 7)] + [date(2028, 2, 29)]
    expiry = fields(stored(days[0])[SECURITY.removeprefix("/")].body.decode())["Expires"]

    assert expiry == f"{good_until(days[0])}T00:00:00Z"
    delays = {day: good_until(day) - day for day in days}
    assert {day: each for day, each in delays.items() if not timedelta(days=300) < each < timedelta(days=365)} == {}
    assert {good_until(day).day for day in days} == {1}


def test_made_again_within_a_month_nothing_has_changed() -> None:
    assert stored(date(2027, 3, 1)) == stored(date(2027, 3, 31))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_password_manager_is_led_to_the_change_of_password(world: World, visitor: Visitor, method: str) -> None:
    answer = visitor.send(method, CHANGE)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/extranet/compte/mot-de-passe")
    assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.get("/extranet/compte/mot-de-passe").headers["Location"] == "/extranet/usager"
    world.settle()
    visitor.log_in()
    assert "Saisir le nouveau mot de passe" in visitor.get(visitor.get(CHANGE).headers["Location"]).text


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico", SECURITY, CHANGE])
def test_nothing_is_sent_to_them(visitor: Visitor, path: str) -> None:
    assert visitor.post(path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200", "/.well-known", "/rien"]
)
def test_what_is_not_there_is_not_found(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert all(telephone in answer.text for telephone in CONTACT.values())


# Error pages.


def test_an_error_page_is_kept_by_nobody() -> None:
    rules = {key: each.cache_control for key, each in stored().items() if key.startswith("extranet/erreurs/")}

    assert rules == {f"extranet/erreurs/{status}": "no-store" for status in ERRORS}


def test_every_error_page_says_whom_to_call(world: World, visitor: Visitor) -> None:
    pages = {key: each.body.decode() for key, each in stored().items() if key.startswith("extranet/erreurs/")}
    pages["404"] = visitor.get("/extranet/compte/rien").text
    pages["405"] = visitor.send("PUT", "/extranet/compte").text
    pages["403"] = visitor.post("/extranet/compte/connexion", headers={"Sec-Fetch-Site": "cross-site"}).text
    with world.aws.failing("BatchGetItem", "before"):
        pages["503"] = visitor.log_in().text

    lacking = {
        (key, name)
        for key, page in pages.items()
        for name, telephone in CONTACT.items()
        if f'<a href="tel:{telephone.replace(" ", "")}">' not in page or name not in plain(page)
    }

    assert lacking == set()
    # The CDN has this one for the desk's and the teachers' addresses too.
    assert {key for key in pages if "/extranet/bureau" in pages[key]} == {"extranet/erreurs/404"}


def test_no_answer_under_the_account_may_be_kept(world: World, visitor: Visitor) -> None:
    world.settle()
    paths = ("", "/rien", "/connexion", "/mot-de-passe", "/facturation/rien", "/eleves")
    pages = [visitor.send(method, f"/extranet/compte{path}") for path in paths for method in ("GET", "POST", "PUT")]
    visitor.log_in()
    pages += [visitor.send(method, f"/extranet/compte{path}") for path in paths for method in ("GET", "HEAD", "DELETE")]

    assert {answer.headers.get("Cache-Control") for answer in pages} == {"no-store"}


def test_each_public_page_has_a_description_of_its_own(visitor: Visitor) -> None:
    start = "/extranet/pre-inscription"
    doors = ["/extranet/enseignant", "/extranet/bureau/connexion"]
    paths = [*doors, start, f"{start}/suivi", *(f"{start}/conservatoires/{site.code}" for site in load_network().sites)]
    pages = {path: visitor.get(path).text for path in paths}
    pages |= {key: page.body.decode() for key, page in stored().items() if page.content_type.startswith("text/html")}
    descriptions = {
        path: re.findall('<meta name="description" content="([^"]+)">', html)
        for path, html in pages.items()
        if "/erreurs/" not in path
    }

    assert {path: found for path, found in descriptions.items() if len(found) != 1} == {}
    assert all(40 <= len(text) <= 160 for (text,) in descriptions.values()), descriptions
    assert len({text for (text,) in descriptions.values()}) == len(descriptions)
