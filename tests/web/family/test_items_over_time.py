"""Items over time: those of any earlier version are shown and changed, and attributes of a later one are kept."""

import re
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.wings import has
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.stores import Billing
from tests.support.billing import TO_PAY
from tests.support.enrolment import FOYER, IN_JUNE, JUNE
from tests.support.enrolment_pages import page_html, version_of_page, words_of_page
from tests.support.items import TOKEN, Typed, items_of, places_of_later, put, stored, versions, with_later
from tests.support.world import ROSSIGNOL, Visitor, World

ACCOUNT: Final = "/extranet/compte"
STEPS: Final = f"{ACCOUNT}/reinscription"
PAGES: Final = (
    *(ACCOUNT, f"{ACCOUNT}/famille", f"{ACCOUNT}/famille/e-mail", f"{ACCOUNT}/eleves"),
    *((f"{ACCOUNT}/facturation",) * has("billing")),
    *(
        f"{ACCOUNT}/mot-de-passe",
        f"{ACCOUNT}/mot-de-passe/connexions",
        f"{ACCOUNT}/acces",
        STEPS,
        f"{STEPS}/foyer",
        f"{STEPS}/pieces",
        f"{STEPS}/recapitulatif",
    ),
)
KEY: Final = "1448732c"
NUMBER: Final = "R27-K4TN-8WCB"
VERSIONS: Final = versions()
# Answers that the family replaces, and the office's decisions on the former ones.
REPLACED: Final = {
    f"enrolments/pupils/{KEY}/{place}"
    for place in ("draft", "draft/wishes/0", "draft/wishes/1", "sent/decision", "sent/answers/wishes/1")
}
WITH_PUPILS: Final = [version for version in VERSIONS if "household" in items_of(version)["accounts"]]


def walk(visitor: Visitor, items: dict[str, Typed]) -> None:
    """Open every page of the family."""
    pages = list(PAGES)
    if "household" in items["accounts"]:
        pages.append(f"{STEPS}/eleves/{KEY}")
    if "enrolments" in items:
        pages.append(f"{STEPS}/recus/{NUMBER}")
    if "lessons" in items:
        pages.append(f"{ACCOUNT}/eleves/{KEY}/appreciations")
        assert "Un beau vibrato." in visitor.get(pages[-1]).text
    assert {page: visitor.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def send(visitor: Visitor, page: str, **fields: str) -> None:
    answer = visitor.post(page, fields | {"vu": version_of_page(visitor, page), "par": "1"})
    assert answer.status_code == 303, f"{page} {answer.text}"


def correct_payer(visitor: Visitor) -> None:
    page = visitor.get(f"{ACCOUNT}/famille").text
    match = re.search(r'name="vu" value="([^"]*)">\s*<input type="hidden" name="quoi" value="payeur"', page)
    assert match
    fields = {"quoi": "payeur", "vu": match.group(1), "payeur": "Mme Houx", "par": "1"}
    assert visitor.post(f"{ACCOUNT}/famille", fields).status_code == 303


def reenrol(visitor: Visitor) -> None:
    """Answer every step, and send it."""
    send(visitor, f"{STEPS}/foyer", **FOYER | {"payeur": "Mme Houx"})
    send(visitor, f"{STEPS}/eleves/{KEY}", **{"choix": "oui", "cours-1": "continuer", "image": "non"})
    send(visitor, f"{STEPS}/pieces", **{"papier-quotient-familial-foyer": "oui"})
    send(visitor, f"{STEPS}/recapitulatif", **{f"envoyer-{KEY}": "oui"})


def list_another_invoice(world: World) -> None:
    world.services.store(Billing).revise_at(ROSSIGNOL, partial(Bills.with_listed, new_invoices=[TO_PAY]))


def begin(world: World, visitor: Visitor, items: dict[str, Typed]) -> None:
    """Store these items in the middle of the period, and give the browser their session."""
    world.now = IN_JUNE + timedelta(minutes=10)
    world.services.periods.write(world.services.periods.read(), Periods(JUNE))
    for table, item in items.items():
        put(world, table, item)
    visitor.show(TOKEN)


def live(world: World, visitor: Visitor, version: str, items: dict[str, Typed]) -> dict[str, Typed]:
    """Open every page in the stored session, log in again, change all that a family may, and open every page again.

    Return the items stored then, and the session as it was before the login that ends it.
    """
    begin(world, visitor, items)
    walk(visitor, items)
    session = stored(world, "sessions", items["sessions"])
    assert visitor.log_in().status_code == 303
    if version in WITH_PUPILS:
        correct_payer(visitor)
        reenrol(visitor)
    if has("billing"):
        list_another_invoice(world)
    walk(visitor, items)
    return {"sessions": session} | {
        table: stored(world, table, item) for table, item in items.items() if table != "sessions"
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_earlier_version_wrote_is_shown_and_changed(world: World, visitor: Visitor, version: str) -> None:
    items = items_of(version)

    after = live(world, visitor, version, items)

    missing = {f"{table}/{name}" for table, item in items.items() for name in item.keys() - after[table].keys()}
    assert missing == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_later_version_adds_is_kept_and_no_error(world: World, visitor: Visitor, version: str) -> None:
    items = {table: with_later({"M": item})["M"] for table, item in items_of(version).items()}

    after = live(world, visitor, version, items)

    stood, stands = (
        {f"{table}{place}" for table, item in state.items() for place in places_of_later({"M": item})}
        for state in (items, after)
    )
    assert stood - stands == REPLACED & stood


def test_what_a_later_version_decides_is_shown_studied_and_never_replaced(world: World, visitor: Visitor) -> None:
    items = items_of(VERSIONS[-1])
    pupil = items["enrolments"]["pupils"]["M"][KEY]["M"]
    del pupil["draft"]
    pupil["sent"]["M"]["decision"]["M"]["verdict"] = {"S": "on_the_waiting_list"}
    begin(world, visitor, items)

    walk(visitor, items)
    answer = visitor.post(f"{STEPS}/eleves/{KEY}", {"choix": "non", "par": "1", "vu": ""})
    send(visitor, f"{STEPS}/foyer", **FOYER | {"payeur": "Mme Houx"})

    assert answer.status_code == 422
    assert "envoyée, à l'étude" in visitor.get(f"{STEPS}/recapitulatif").text
    assert stored(world, "enrolments", items["enrolments"])["pupils"]["M"][KEY]["M"] == pupil


def test_what_a_later_version_lets_one_answer_is_asked_again_here(world: World, visitor: Visitor) -> None:
    items = items_of(VERSIONS[-1])
    wish = {"M": {"discipline": {"S": "Hautbois"}, "choice": {"S": "pause"}}}
    answers = {"M": {"stays": {"BOOL": True}, "wishes": {"L": [wish]}}}
    items["enrolments"]["pupils"]["M"][KEY]["M"]["draft"] = answers
    begin(world, visitor, items)

    walk(visitor, items)
    send(visitor, f"{STEPS}/foyer", **FOYER | {"payeur": "Mme Houx"})

    assert "Hautbois : à préciser" in visitor.get(f"{STEPS}/recapitulatif").text
    assert stored(world, "enrolments", items["enrolments"])["pupils"]["M"][KEY]["M"]["draft"] == answers


def test_what_a_later_version_traces_is_kept_and_not_shown(world: World, visitor: Visitor) -> None:
    items = items_of(VERSIONS[-1])
    account = items["accounts"]
    trace = {"M": account["corrections"]["L"][0]["M"] | {"what": {"S": "photograph"}, "new": {"L": [{"S": "zèbre"}]}}}
    for trail in ("corrections", "access"):
        account[trail]["L"].append(trace)
    account["notices"]["M"]["rentree-2026"]["M"]["0123456789abcdef"]["M"]["state"] = {"S": "opened"}
    begin(world, visitor, items)

    walk(visitor, items)
    correct_payer(visitor)

    after = stored(world, "accounts", account)
    assert "zèbre" not in visitor.get(f"{ACCOUNT}/famille").text
    assert [trace in after[trail]["L"] for trail in ("corrections", "access")] == [True, True]
    assert after["notices"] == account["notices"]


def test_what_a_household_answered_of_images_is_told_there_and_is_its_pupil_s(world: World, visitor: Visitor) -> None:
    begin(world, visitor, items_of("272-79fe4fc"))

    receipt = words_of_page(page_html(visitor, f"{STEPS}/recus/{NUMBER}"))

    assert "Droit à l'image, sauf réponse propre à un élève non" in receipt
    assert "Droit à l'image : " not in receipt
    assert "Droit à l'image : non" in words_of_page(page_html(visitor, f"{STEPS}/recapitulatif"))
