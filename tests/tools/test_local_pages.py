"""`/_local/`: one button logs in, a mail is read as in a reader, the clock turns, and all starts again."""

import html
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.presentation.texts import day_and_hour
from operations.journeys.browser import Browser
from tests.support.due_roll import open_roll
from tests.support.french import plain
from tests.support.service import Running
from tools.program import Program, totp

PERRINE = {"identifiant": "XEN3202", "email": "bourdaine@example.org"}


@pytest.fixture
def url(running: Running) -> Iterator[str]:
    yield running.url
    Browser(running.url).send("", "/_local/zero", {})


def enter(url: str, key: str) -> Program:
    """Press the button of a person, as `/_local/` has it."""
    program = Program(Browser(url))
    assert f'name="qui" value="{key}"' in program.open("/_local/")
    program.open("/_local/entrer", {"qui": key})
    return program


@pytest.mark.parametrize(
    ("key", "first_page"),
    [
        ("evry-xenakis/XEN3202", "Bonjour Famille Bourdaine"),
        ("nouvelle-famille", "@example.org"),
        ("secretariat@extranet.example.fr", "Basile Troglodyte"),
        ("direction@extranet.example.fr", "Odile Fauvette"),
        ("violon@extranet.example.fr", "Sidonie Pinson"),
    ],
)
def test_one_button_logs_in(url: str, key: str, first_page: str) -> None:
    enter(url, key)
    page = plain(re.sub("<[^>]+>", "", enter(url, key).page))  # twice within the life of a code

    assert first_page in page


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_each_name_of_the_machine_has_franceconnect_passkeys_and_the_links_of_mails(url: str, name: str) -> None:
    assert url.startswith("http://localhost:"), "passkeys know no IP address"
    here = url.replace("localhost", name)
    program = Program(Browser(here))
    there = program.browser.send("", "/extranet/compte/acces/franceconnect").location
    assert quote(f"{here}/extranet/compte", safe="") in there
    back = Browser(url).send("", f"{there}&personne=fc-bourdaine")

    assert back.headers["Location"].startswith(f"{here}/extranet/compte/acces/franceconnect/retour?")
    assert "Bonjour" in program.open(back.location)
    assert 'data-party="localhost"' in program.open("/extranet/compte/acces/cle")
    program.browser.send("", "/extranet/compte/mot-de-passe-perdu", PERRINE)
    mail = Running(here).mail_to(PERRINE["email"], "mot de passe")
    assert set(re.findall(r"http://[\w.]+:\d+", mail["text"])) == {here}


def test_a_card_has_the_address_that_a_lost_password_asks_for(url: str) -> None:
    page = Browser(url).send("", "/_local/").text
    (card,) = re.findall(r'(?s)<div class="card">\n<h2>Une famille</h2>(.*?)</div>', page)

    assert PERRINE["email"] in card


def test_another_site_reads_nothing_and_presses_no_button(url: str) -> None:
    origin = urlsplit(url).netloc
    local = origin.replace("localhost", "127.0.0.1")

    def status(method: str, path: str, **headers: str) -> int:
        with closing(HTTPConnection(origin)) as connection:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            return connection.getresponse().status

    for path in ("/_local/", "/_local/stage.json", "/extranet/usager", "/extranet/compte"):
        answers = [
            status("GET", path, Host=host)
            for host in ("evil.example.org", f"evil.example.org:{urlsplit(url).port}", local, origin)
        ]
        assert [answer == 421 for answer in answers] == [True, True, False, False], path
    assert status("GET", "/_local/", Sec_Fetch_Site="cross-site") == 200  # a link
    foreign = [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://127.0.0.1:1"}]
    for headers in (*foreign, {"Origin": "null"}):
        assert status("POST", "/_local/horloge", **headers) == 403, headers
    for headers in ({}, {"Sec_Fetch_Site": "same-origin", "Origin": url}, {"Host": local, "Origin": f"http://{local}"}):
        assert status("POST", "/_local/horloge", **headers) == 303, headers


def test_an_announcement_that_is_too_long_is_answered_by_a_sentence(url: str) -> None:
    page = Program(Browser(url)).open("/_local/annonce", {"texte": "x" * 301})

    assert "Cette annonce ne peut pas être affichée" in plain(page)


def test_an_account_that_cannot_log_in_is_refused_with_a_reason(url: str) -> None:
    program = Program(Browser(url))

    assert "ce compte est fermé" in plain(program.open("/_local/entrer", {"qui": "villabe-yves-henry/HEN5009"}))
    assert program.browser.send("", "/extranet/compte").status == 303


def test_the_code_of_now_stands_beside_its_secret(url: str) -> None:
    def members() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(Browser(url).send("", "/_local/bureau.json").text)
        return rows

    before = {member["courriel"]: totp(member["totp"]) for member in members()}
    page = html.unescape(Browser(url).send("", "/_local/").text)
    alone = Browser(url).send("", "/_local/code?de=violon@extranet.example.fr").text
    after = {member["courriel"]: totp(member["totp"]) for member in members()}

    for email, code in before.items():
        assert {f"<b>{code[:3]} {code[3:]}</b>" in page, f"<b>{after[email][:3]} {after[email][3:]}</b>" in page} != {
            False
        }
    assert re.search(r'http-equiv="refresh" content="\d+;url=/_local/code\?de=violon', alone)


def test_a_mail_is_read_beside_the_list_in_a_closed_frame(url: str) -> None:
    enter(url, "nouvelle-famille")
    enter(url, "nouvelle-famille")
    to, second = (mail["to"] for mail in Program(Browser(url)).json("/_local/courrier.json"))
    first = Browser(url).send("", "/_local/courrier?mail=0").text

    assert first.count("<li>") == 2
    assert re.search(rf'À <a href="[^"]+">{to}</a>', first)
    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in first
    assert Browser(url).send("", f"/_local/courrier?a={second}").text.count("<li>") == 1
    assert "<pre>Bonjour" in plain(Browser(url).send("", "/_local/courrier?mail=0&vue=texte").text)


def test_the_whole_service_follows_the_clock(url: str) -> None:
    program = enter(url, "evry-xenakis/XEN3202")
    browser = program.browser

    browser.send("", "/_local/horloge", {"heures": "24"})
    assert browser.send("", "/extranet/compte").status == 303  # the session has ended
    enter(url, "secretariat@extranet.example.fr")
    then = datetime.now(PARIS) + timedelta(days=2)
    browser.send("", "/_local/horloge", {"le": f"{then:%Y-%m-%dT%H:%M}"})
    assert day_and_hour(then) in plain(browser.send("", "/_local/").text)
    browser.send("", "/_local/horloge", {})
    assert "Revenir à maintenant" not in browser.send("", "/_local/").text
    enter(url, "secretariat@extranet.example.fr")
    assert "Cette date ne se lit pas" in program.open("/_local/horloge", {"le": "demain"})


def test_the_mail_of_an_absence_that_waits_in_the_queue_follows_the_clock(url: str) -> None:
    teacher = enter(url, "violon@extranet.example.fr")
    open_roll(teacher)
    form = teacher.form("/appel/")
    teacher.open(form.action, form.fields | dict.fromkeys(form.choices, "absent"))
    assert teacher.json("/_local/courrier.json") == []

    teacher.browser.send("", "/_local/horloge", {"heures": "1"})

    assert Running(url).mail_to("", "Absence au cours")


def test_everything_starts_again_as_it_was(url: str) -> None:
    program = Program(Browser(url))
    before = program.json("/_local/bureau.json")
    session = enter(url, "evry-xenakis/XEN3202").browser
    enter(url, "nouvelle-famille")
    session.send("", "/_local/horloge", {"heures": "1"})
    for _ in range(3):  # some are in the hands of the queue's thread
        program.browser.send("", "/extranet/compte/mot-de-passe-perdu", PERRINE)

    program.open("/_local/zero", {})
    time.sleep(0.5)

    assert program.json("/_local/courrier.json") == []
    assert program.json("/_local/bureau.json") == before
    assert session.send("", "/extranet/compte").status == 303
    enter(url, "evry-xenakis/XEN3202")
