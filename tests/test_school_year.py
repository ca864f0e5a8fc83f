"""The school year and the date on every page of the season, at any moment: no « dernier jour » without its day."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import pytest

from app import app
from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from tests.support.enrolment import (
    ANSWERED,
    IN_JUNE,
    LAST_SECOND,
    LEO_KEY,
    ZELIE_KEY,
    answer_all,
    enrolment,
    open_season,
)
from tests.support.enrolment_pages import PAGE, words_of_page
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import Visitor, World

BEFORE: Final = IN_JUNE - timedelta(days=30)
AFTER: Final = LAST_SECOND + timedelta(seconds=1)
NO_PAGE: Final = ("/pdf", "/agenda", "/envoyee")
STEPS: Final = sorted(path for path in app.routes if path.startswith(PAGE) and not path.endswith(NO_PAGE))
SEASON: Final = ("/extranet/compte", "/extranet/compte/eleves", *STEPS)
PARTS: Final = {"eleve": (ZELIE_KEY, LEO_KEY), "numero": (NUMBER,)}
_DAY: Final = re.compile(r"\d(er)? [a-zéû]+ 20\d\d")


def begin(world: World) -> None:
    answer_all(world, pupils=ANSWERED[:1], provided=())


def ask_to_complete(world: World) -> None:
    send_enrolment(world)
    before = enrolment(world)
    after = before.with_decision(ZELIE_KEY, EnrolmentDecision("to_complete", "Mme Houx", world.now, "Quel jour ?"))
    world.services.enrolments.change(before, after)


def pages(visitor: Visitor) -> Iterator[tuple[str, str, str]]:
    """Read every page of the season that exists at that moment: its address, its title and its text."""
    for path in SEASON:
        prefix, _, part = path.partition("{")
        name, _, suffix = part.partition("}")
        for key in PARTS[name] if part else ("",):
            answer = visitor.get(f"{prefix}{key}{suffix}")
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                yield f"{prefix}{key}{suffix}", answer.text.partition("<title>")[2], words_of_page(answer.text)


def slips(path: str, title: str, words: str, now: datetime) -> Iterator[str]:
    if "2027-2028" not in words:
        yield f"{path} does not name the school year"
    if path.startswith(PAGE) and "recus" not in path and "2027-2028" not in title.partition("</title>")[0]:
        yield f"{path} does not name it in its title"
    if now < AFTER and "15 juin 2027" not in words:
        yield f"{path} does not name the date"
    for sentence in re.split(r"(?<=[.!?]) ", words):
        if "dernier jour" in sentence and not _DAY.search(sentence):
            yield f"{path} says « dernier jour » and not which: {sentence}"


@pytest.mark.parametrize(
    ("prepare", "now"),
    [
        pytest.param(lambda _: None, BEFORE, id="before"),
        pytest.param(lambda _: None, IN_JUNE, id="untouched"),
        pytest.param(begin, IN_JUNE, id="begun"),
        pytest.param(send_enrolment, IN_JUNE, id="sent"),
        pytest.param(ask_to_complete, IN_JUNE, id="to complete"),
        pytest.param(lambda _: None, AFTER, id="missed"),
        pytest.param(begin, AFTER, id="begun, and over"),
        pytest.param(ask_to_complete, AFTER, id="to complete, and over"),
    ],
)
def test_every_page_of_the_season_names_the_school_year_and_the_date(
    world: World, visitor: Visitor, prepare: Callable[[World], object], now: datetime
) -> None:
    open_season(world)
    prepare(world)
    world.now = now
    visitor.log_in()

    rows = list(pages(visitor))

    assert {path for path, *_ in rows} >= {*SEASON[:2], PAGE, f"{PAGE}/foyer", f"{PAGE}/eleves/{ZELIE_KEY}"}
    assert [slip for path, title, words in rows for slip in slips(path, title, words, now)] == []
