"""The re-enrolment period as families read it (guide 1.1): before, during and after, wherever they may look for it."""

import html
import re
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.periods import PERIODS_AGE, EnrolmentPeriod, Periods
from chalicelib.presentation.announcement import announcements
from chalicelib.settings.environment import load_network
from chalicelib.stores.periods import PeriodStore
from operations.pages.build import build
from tests.support.aws import When
from tests.support.french import plain
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World

SEPTEMBER = EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 15))
OCTOBER = EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 8))
NOTHING_ANNOUNCED = load_network().period
ALWAYS = "Réinscription 2026-2027 : du 1er septembre 2026 au 15 septembre 2026 inclus."
BEFORE = "La réinscription 2026-2027 ouvrira le 1er septembre 2026 et se terminera le 15 septembre 2026 inclus."
DURING = "La réinscription 2026-2027 est ouverte jusqu'au 15 septembre 2026 inclus."
AFTER = "La réinscription 2026-2027 est terminée depuis le 15 septembre 2026."
TOLD_ON = ["extranet", "extranet/usager", "extranet/usager/mot-de-passe-perdu", "extranet/aide"]
LOGIN = "/extranet/compte/connexion"
HOME = "/extranet/compte"


def static(periods: Periods) -> dict[str, str]:
    pages = [page for page in build(load_network(), periods) if "html" in page.content_type]
    return {page.key: plain(html.unescape(page.body.decode())) for page in pages}


def announce(world: World, periods: Periods) -> None:
    world.services.periods.write(world.services.periods.read(), periods)


def home(visitor: Visitor) -> str:
    answer = visitor.get(HOME)
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    world.settle()
    visitor.log_in()
    world.aws.calls.clear()
    return visitor


# Static pages, which do not know the day.


@pytest.mark.parametrize("key", TOLD_ON)
def test_as_long_as_nothing_is_announced_a_page_says_how_it_will_be(key: str) -> None:
    assert NOTHING_ANNOUNCED in static(Periods())[key]


@pytest.mark.parametrize("key", TOLD_ON)
def test_a_page_that_does_not_know_the_day_says_what_is_true_on_any(key: str) -> None:
    page = static(Periods(SEPTEMBER))[key]

    text = re.sub(r"<[^>]+>", "", page)
    assert ALWAYS in text
    assert not {BEFORE, DURING, AFTER, NOTHING_ANNOUNCED} & set(text.splitlines())


def test_a_browser_finds_the_sentence_of_each_day_ready() -> None:
    page = static(Periods(SEPTEMBER))["extranet/usager"]

    attributes = dict(re.findall(r' data-(opens-on|closes-on|before|during|after)="([^"]*)"', page))

    assert (attributes["opens-on"], attributes["closes-on"]) == ("2026-09-01", "2026-09-15")
    assert (attributes["before"], attributes["during"], attributes["after"][: len(AFTER)]) == (BEFORE, DURING, AFTER)


@pytest.mark.parametrize("key", TOLD_ON)
def test_the_script_that_knows_the_day_is_there_where_a_period_is(key: str) -> None:
    assert re.search(r'<script src="/extranet/assets/clef\.\w+\.js" defer>', static(Periods(SEPTEMBER))[key])


def test_sites_with_periods_of_their_own_are_listed_and_those_alike_together() -> None:
    periods = Periods(SEPTEMBER, (("evry-magnard", OCTOBER), ("villabe-yves-henry", OCTOBER)))

    sentences = [(announcement.sites, announcement.sentence) for announcement in announcements(load_network(), periods)]

    assert sentences == [
        (("Bondoufle - Gounod", "Evry - Xénakis", "Ris Orangis - Messiaen"), ALWAYS),
        (
            ("Evry - Magnard", "Villabé - Yves Henry"),
            "Réinscription 2026-2027 : du 1er octobre 2026 au 8 octobre 2026 inclus.",
        ),
    ]
    assert re.search(
        r"Evry - Magnard, Villabé - Yves Henry</th><td [^>]+>Réinscription 2026-2027 : du 1er octobre",
        static(periods)["extranet/usager"],
    )


def test_sites_that_wait_are_told_so_beside_those_that_do_not() -> None:
    texts = announcements(load_network(), Periods(None, (("evry-xenakis", SEPTEMBER),)))

    assert [(len(announcement.sites), announcement.sentence) for announcement in texts] == [
        (4, NOTHING_ANNOUNCED),
        (1, ALWAYS),
    ]


def test_all_sites_with_the_same_days_are_one_sentence_however_they_were_announced() -> None:
    of_sites = tuple((site.code, SEPTEMBER) for site in load_network().sites)

    (announcement,) = announcements(load_network(), Periods(OCTOBER, of_sites))

    assert (announcement.sites, announcement.sentence) == ((), ALWAYS)


# Pages of the Lambda, which know the day.


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-08-31T23:59:59+02:00", BEFORE, id="the last second before"),
        pytest.param("2026-09-01T00:00:00+02:00", DURING, id="midnight in Paris"),
        pytest.param("2026-09-15T23:59:59+02:00", DURING, id="the last second"),
        pytest.param("2026-09-16T00:00:00+02:00", AFTER, id="over"),
    ],
)
def test_home_says_where_one_stands(world: World, visitor: Visitor, now: str, expected: str) -> None:
    announce(world, Periods(SEPTEMBER))
    world.now = datetime.fromisoformat(now)
    world.settle()
    visitor.log_in()

    page = home(visitor)

    assert [sentence for sentence in (BEFORE, DURING, AFTER) if sentence in page] == [expected]
    assert "01 99 00 10 03" in page, "whom to call stands beside it"
    assert "data-opens-on" not in page


def test_home_says_the_period_of_ones_own_site_and_no_other(world: World, inside: Visitor) -> None:
    announce(world, Periods(SEPTEMBER, ((ROSSIGNOL.site, OCTOBER),)))

    page = home(inside)

    assert "La réinscription 2026-2027 ouvrira le 1er octobre 2026" in page
    assert "septembre 2026 inclus" not in page


def test_a_refused_login_says_the_period_of_the_site_chosen_or_of_all(world: World, visitor: Visitor) -> None:
    announce(world, Periods(SEPTEMBER, ((ROSSIGNOL.site, OCTOBER),)))

    wrong = visitor.post(LOGIN, {"site": ROSSIGNOL.site, "identifiant": "xen1", "mot_de_passe": "Faux1234"}).text
    empty = html.unescape(visitor.post(LOGIN, {"site": "ailleurs"}).text)

    assert "La réinscription 2026-2027 ouvrira le 1er octobre 2026" in wrong
    assert "septembre" not in wrong
    assert DURING in empty
    assert "Evry - Xénakis</th><td>La réinscription 2026-2027 ouvrira le 1er octobre 2026" in empty


def test_a_lost_password_is_answered_with_the_period_too(world: World, visitor: Visitor) -> None:
    announce(world, Periods(SEPTEMBER))

    page = visitor.post("/extranet/compte/mot-de-passe-perdu", {"identifiant": "xen1", "email": "a@example.org"}).text

    assert DURING in html.unescape(page)


# Its cost, and the pages when DynamoDB does not answer.


def lost(visitor: Visitor) -> str:
    """Send the form « Mot de passe perdu » empty: its page returns, and reads nothing else."""
    answer = visitor.post("/extranet/compte/mot-de-passe-perdu", {})
    assert answer.status_code == 422
    return html.unescape(answer.text)


def test_the_period_costs_a_read_in_five_minutes_where_nobody_is_logged_in(world: World, inside: Visitor) -> None:
    lost(inside)
    assert world.aws.calls == ["GetItem"]
    world.aws.calls.clear()
    world.wait(timedelta(minutes=4, seconds=59))

    lost(inside)

    assert world.aws.calls == []


def test_a_login_that_succeeds_reads_no_period(world: World, visitor: Visitor) -> None:
    world.settle()
    world.aws.calls.clear()

    visitor.log_in()

    assert world.aws.calls == ["BatchGetItem", "UpdateItem", "BatchWriteItem", "UpdateItem"]


def test_another_function_s_period_is_said_in_five_minutes_ten_seconds_at_home(world: World, inside: Visitor) -> None:
    another = PeriodStore(world.database, world.services.settings.office_table)
    lost(inside)
    another.write(Periods(), Periods(SEPTEMBER))
    world.wait(PERIODS_AGE)
    assert DURING not in lost(inside)
    world.wait(timedelta(minutes=5) - PERIODS_AGE)
    assert DURING in lost(inside)
    assert DURING in home(inside)
    another.write(Periods(SEPTEMBER), Periods())
    assert DURING in home(inside)
    world.wait(PERIODS_AGE)

    assert DURING not in home(inside)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_period_that_cannot_be_read_keeps_nobody_out(world: World, inside: Visitor, when: When) -> None:
    announce(world, Periods(SEPTEMBER))
    world.aws.calls.clear()

    with world.aws.failing("GetItem", when):
        assert NOTHING_ANNOUNCED in lost(inside)

    assert world.aws.calls == ["GetItem"]
    assert [(event["event"], event.get("lacking")) for event in world.events()][-1] == ("unavailable", "period")
    assert NOTHING_ANNOUNCED in lost(inside), "the table is not asked again at once"
    world.wait(timedelta(minutes=5))
    assert DURING in lost(inside)


def test_while_the_table_does_not_answer_a_page_says_what_was_last_known(world: World, inside: Visitor) -> None:
    announce(world, Periods(SEPTEMBER))
    lost(inside)
    world.wait(timedelta(minutes=5))

    with world.aws.failing("GetItem", "before"):
        assert DURING in lost(inside)


def test_a_refused_login_is_refused_whether_the_period_is_read_or_not(world: World, visitor: Visitor) -> None:
    world.settle()

    with world.aws.failing("GetItem", "before"):
        answer = visitor.log_in(password="Faux1234")
        second = visitor.log_in(password=PASSWORD)

    assert (answer.status_code, second.status_code) == (401, 303)
    assert NOTHING_ANNOUNCED in html.unescape(answer.text)
