"""The re-enrolment period in a browser: exact to Paris's midnight with JavaScript, true without, and accessible."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import offences
from tests.support.office import clef
from tests.support.service import Running

pytestmark = pytest.mark.browser

PAGES = ["/extranet", "/extranet/usager", "/extranet/usager/mot-de-passe-perdu", "/extranet/aide"]
ON_ANY_DAY = "Réinscription 2027-2028 : du 1er juin 2027 au 15 juin 2027 inclus."
BEFORE = "La réinscription 2027-2028 ouvrira le 1er juin 2027 et se terminera le 15 juin 2027 inclus."
DURING = "La réinscription 2027-2028 est ouverte jusqu’au 15 juin 2027 inclus."
AFTER = "La réinscription 2027-2028 est terminée depuis le 15 juin 2027."


def unfold(page: Page) -> None:
    """Unfold the part of « Connexion » that has the dates."""
    for summary in page.locator("main summary", has_text="réinscription").all():
        summary.click()


@pytest.fixture(scope="module")
def open_season(running: Running) -> Iterator[None]:
    clef(running, "period", "set", "2027-06-01", "2027-06-15", "--apply", "--yes")
    yield
    clef(running, "period", "clear", "--apply", "--yes")


@pytest.fixture(scope="module")
def by_site(running: Running, open_season: None) -> Iterator[None]:
    assert open_season is None
    clef(running, "period", "set", "2027-07-01", "2027-07-02", "--site", "evry-magnard", "--apply", "--yes")
    yield
    clef(running, "period", "clear", "--site", "evry-magnard", "--apply", "--yes")


@pytest.fixture
def abroad(chromium: Browser, running: Running) -> Iterator[Page]:
    """Open a browser in Fort-de-France, six hours behind Paris in summer, with an English interface."""
    context = chromium.new_context(base_url=running.url, locale="en-US", timezone_id="America/Martinique")
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("open_season")
@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        pytest.param("2027-05-31T23:59:59+02:00", BEFORE, id="the last second before"),
        pytest.param("2027-06-01T00:00:00+02:00", DURING, id="midnight in Paris"),
        pytest.param("2027-06-15T23:59:59+02:00", DURING, id="the last second"),
        pytest.param("2027-06-16T00:00:00+02:00", AFTER, id="over"),
    ],
)
def test_a_page_says_how_the_period_stands_in_paris(abroad: Page, now: str, sentence: str) -> None:
    abroad.clock.set_fixed_time(now)

    for path in PAGES:
        abroad.goto(path)
        unfold(abroad)

        expect(abroad.get_by_text(sentence), path).to_be_visible()
        expect(abroad.get_by_text(ON_ANY_DAY), path).to_have_count(0)


@pytest.mark.usefixtures("open_season")
@pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])
def test_without_javascript_it_says_what_is_true_on_any_day(page: Page) -> None:
    for path in PAGES:
        page.goto(path)
        unfold(page)

        expect(page.get_by_text(ON_ANY_DAY), path).to_be_visible()


NO_INTL = "delete window.Intl;"
NO_TIME_ZONES = "Intl.DateTimeFormat = function () { throw new RangeError('Unsupported time zone'); };"


@pytest.mark.usefixtures("open_season")
@pytest.mark.parametrize("script", [NO_INTL, NO_TIME_ZONES], ids=["no Intl", "no time zones, as Internet Explorer"])
def test_a_browser_that_does_not_know_paris_leaves_what_is_there(abroad: Page, script: str) -> None:
    complaints: list[str] = []
    abroad.on("pageerror", lambda error: complaints.append(str(error)))
    abroad.add_init_script(script)

    abroad.goto("/extranet/usager")
    unfold(abroad)

    expect(abroad.get_by_text(ON_ANY_DAY)).to_be_visible()
    expect(abroad.get_by_role("button", name="Afficher")).to_be_visible()
    assert complaints == []


@pytest.mark.usefixtures("by_site")
def test_sites_that_differ_are_a_list_that_everybody_can_read(small: Page) -> None:
    small.clock.set_fixed_time("2027-06-20T12:00:00+02:00")
    faults = []
    for path in PAGES:
        small.goto(path)
        unfold(small)
        expect(small.get_by_text("La réinscription 2027-2028 ouvrira le 1er juillet 2027"), path).to_be_visible()
        expect(small.get_by_text(AFTER), path).to_be_visible()
        faults += offences(small)

    assert faults == [], "\n".join(faults)


def test_an_incident_is_shown_to_everybody_until_its_end(small: Page, running: Running) -> None:
    sentence = "Les mails partent avec retard : patientez."
    small.request.post(f"{running.url}/_local/annonce", form={"texte": sentence})

    for path in ("/extranet/usager", "/extranet/etat"):
        small.goto(path)
        expect(small.get_by_text("Les mails partent avec retard")).to_be_visible()
        assert offences(small) == []
    expect(small.get_by_text("Aucun incident en cours.")).to_be_hidden()

    small.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=5))
    small.reload()
    expect(small.get_by_text("Les mails partent avec retard")).to_be_hidden()
    expect(small.get_by_text("Aucun incident en cours.")).to_be_visible()
    small.request.post(f"{running.url}/_local/annonce", form={"texte": ""})
    small.reload()
    expect(small.locator("[data-until]")).to_have_count(0)
