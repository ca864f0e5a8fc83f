"""`clef period`: the commands and their output, and the sentences that families then read."""

import html
from datetime import timedelta

import pytest

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.office.enrolment.period import period_store
from operations.pages.bucket import StoredObject
from operations.pages.publish import PagesBucket
from tests.support.aws import When
from tests.support.clef import OPERATOR, Clef
from tests.support.world import Visitor, World

NOTHING_YET = "Les dates de la réinscription sont annoncées par mail et par courrier quelques jours avant l'ouverture."
TOLD_ON = ["extranet", "extranet/aide", "extranet/usager", "extranet/usager/mot-de-passe-perdu"]

pytestmark = pytest.mark.usefixtures("pages")


def read_by_families(visitor: Visitor) -> str:
    return html.unescape(visitor.get("/extranet/usager").text)


def test_a_period_for_all_is_announced_shown_and_published(clef: Clef, visitor: Visitor) -> None:
    result = clef("period set 2026-09-01 2026-09-15 --apply")

    assert (result.code, result.err) == (0, "")
    first, *lines, last = result.out.splitlines()
    assert first.split("  ")[0] == "Site"
    assert len(lines) == 5
    for line in lines:
        assert "non annoncée" in line
        assert "01/09/2026 - 15/09/2026" in line
        assert line.endswith("La réinscription 2026-2027 est ouverte jusqu'au 15 septembre 2026 inclus.")
    assert last == "4 pages publiées : tout le monde lit la nouvelle version d'ici cinq minutes."
    assert "du 1er septembre 2026 au 15 septembre 2026 inclus" in read_by_families(visitor)
    assert clef("period set 01/09/2026 15/09/2026 --apply").out.endswith("Les pages publiques le disaient déjà.\n")


@pytest.mark.parametrize("text", ["2026-13-01", "31/02/2026", "demain", "2026/09/01", ""])
def test_a_day_that_is_none_is_refused_in_french(clef: Clef, world: World, text: str) -> None:
    result = clef(f"period set '{text}' 2026-09-15 --apply")

    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"Valeur refusée pour « PREMIER_JOUR » : « {text} » n'est pas un jour : "
        "écrivez 2027-06-01 ou 01/06/2027. Aide : clef period set --help\n"
    )
    assert world.services.periods.read() == Periods()


def test_pages_are_of_the_version_that_is_deployed(clef: Clef, world: World, pages: PagesBucket) -> None:
    more = [StoredObject(key, b"another version's", "text/html", "") for key in ("extranet/plan", "extranet/nouveau")]
    pages.put_more(more)
    before = world.aws.digests(pages.name)

    assert clef("period set 2026-09-01 2026-09-15 --apply --json").json["published"] == TOLD_ON

    after = world.aws.digests(pages.name)
    assert sorted(key for key in before.keys() | after if before.get(key) != after.get(key)) == TOLD_ON
    world.aws.client("s3").delete_object(Bucket=pages.name, Key="extranet/nouveau")


SLIPS = {
    "2025-09-01 2025-09-15": "Cette période est déjà terminée",
    "2027-09-03 2027-09-15": "Cette période n'ouvre que dans plus d'un an",
    "2026-09-01 2036-09-15": "Cette période dure plus de six mois",
}


@pytest.mark.wing("admission")
@pytest.mark.parametrize(("days", "doubt"), SLIPS.items())
@pytest.mark.parametrize("new", ["", " --new"])
def test_what_may_be_a_slip_is_asked_before_a_write(clef: Clef, world: World, days: str, doubt: str, new: str) -> None:
    look = clef(f"period set {days}{new}")
    assert (look.code, look.err.splitlines()[0].startswith(doubt)) == (3, True)

    result = clef(f"period set {days}{new} --apply")

    assert (result.code, result.out) == (4, "")
    assert result.err.startswith(doubt)
    assert result.err.endswith("Si c'est voulu, ajoutez --yes. Rien n'a été écrit.\n")
    assert "PUT" not in world.aws.calls
    assert (kept(world, new), acts(world)) == (Periods(), [])
    sure = clef(f"period set {days}{new} --apply --yes --json")
    assert (sure.code, sure.json["warnings"][0].startswith(doubt)) == (0, True)
    assert kept(world, new) != Periods()


def test_each_command_shows_first_and_does_it_with_apply_only(clef: Clef, world: World, visitor: Visitor) -> None:
    look = clef("period set 2026-09-01 2026-09-15")

    assert (look.code, look.err) == (0, "")
    assert look.out.count("01/09/2026 - 15/09/2026") == 5
    assert look.out.splitlines()[-1] == "Rien n'a été écrit : ajoutez --apply pour enregistrer."
    assert NOTHING_YET in read_by_families(visitor)
    assert clef("period set 2026-09-01 2026-09-15 --json").json | {"sites": {}} == {
        "applied": False, "sites": {}, "before": dict.fromkeys(site_codes(world)), "published": [], "warnings": [],
    }  # fmt: skip
    clef("period set 2026-09-01 2026-09-15 --apply")

    look = clef("period clear")

    assert (look.code, look.out.count("01/09/2026 - 15/09/2026  non annoncée")) == (3, 5)
    assert look.err == (
        "La période est ouverte en ce moment, et fermerait aussitôt : Bondoufle - Gounod, Evry - Magnard, "
        "Evry - Xénakis, Ris Orangis - Messiaen, Villabé - Yves Henry.\n"
    )
    result = clef("period clear --apply")
    assert (result.code, result.out) == (4, "")
    assert result.err == f"{look.err}Si c'est voulu, ajoutez --yes. Rien n'a été écrit.\n"
    assert world.services.periods.read() != Periods()
    assert "septembre" in read_by_families(visitor)


@pytest.mark.wing("admission")
@pytest.mark.parametrize(("new", "kind"), [("", "period_set"), (" --new", "new_period_set")])
def test_the_journal_says_who_announced_and_took_back(clef: Clef, world: World, new: str, kind: str) -> None:
    for command in ("set 2026-09-01 2026-09-15", "set 2026-09-01 2026-09-15", "clear --site evry-xenakis", "clear"):
        assert clef(f"period {command}{new} --apply --yes").code == 0
        world.wait(timedelta(minutes=1))

    assert acts(world) == [(kind, OPERATOR, "2026-09-01 - 2026-09-15"), (kind, OPERATOR, "retirée")]
    periods = period_store(world.services, "new_requests" if new else "reenrolment").read_announced()
    assert (periods.name, periods.at is not None) == (OPERATOR, True)


def kept(world: World, new: str) -> Periods:
    return period_store(world.services, "new_requests" if new else "reenrolment").read_announced().periods


def site_codes(world: World) -> list[str]:
    return [site.code for site in world.services.settings.network.sites]


def acts(world: World) -> list[tuple[str, str, str]]:
    return [(act.kind, act.author.who, act.author.why) for act in world.services.audit_trail.on("*", "season")]


def test_a_site_s_own_period_goes_before_that_of_all(clef: Clef, visitor: Visitor) -> None:
    clef("period set 2026-09-01 2026-09-15 --apply")
    clef("period set 2026-10-01 2026-10-08 --site evry-xenakis --apply --yes")

    result = clef("period set 2026-09-02 2026-09-16 --apply --yes")

    assert result.out.splitlines()[-1] == (
        "evry-xenakis garde sa propre période ; pour la retirer : clef period clear --site evry-xenakis"
    )
    page = read_by_families(visitor)
    assert '<th scope="row">Evry - Xénakis</th>' in page
    assert "du 1er octobre 2026 au 8 octobre 2026 inclus" in page
    assert "du 2 septembre 2026 au 16 septembre 2026 inclus" in page
    assert clef("period clear --site evry-xenakis --apply --yes").code == 0
    assert "octobre" not in read_by_families(visitor)
    assert clef("period clear --apply --yes").code == 0
    assert NOTHING_YET in read_by_families(visitor)


def test_show_says_what_families_read_and_changes_nothing(clef: Clef, world: World) -> None:
    assert clef("period show").out.count(NOTHING_YET) == 5
    clef("period set 2026-08-01 2026-08-31 --site evry-magnard --apply --yes")
    world.aws.calls.clear()

    result = clef("period show")

    assert "La réinscription 2026-2027 est terminée depuis le 31 août 2026." in result.out
    assert result.out.count(NOTHING_YET) == 4
    assert world.aws.calls == ["GetItem"]


def test_json_is_for_another_program(clef: Clef) -> None:
    set_, json_text = (
        clef("period set 2026-09-01 2026-09-15 --site evry-xenakis --apply --json").json,
        clef("period show --json").json,
    )

    sites = dict.fromkeys(("bondoufle-gounod", "evry-magnard", "ris-orangis-messiaen", "villabe-yves-henry"))
    during = {"opens_on": "2026-09-01", "closes_on": "2026-09-15", "state": "during"}
    assert set_ == {
        "applied": True,
        "sites": {**sites, "evry-xenakis": during},
        "before": {**sites, "evry-xenakis": None},
        "published": TOLD_ON,
        "warnings": [],
    }
    assert json_text == {"sites": set_["sites"]}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [("PUT", 0), ("PUT", 3), ("Invoke", 0)])
def test_pages_that_could_not_be_published_are_published_by_the_same_command_again(
    clef: Clef, world: World, visitor: Visitor, when: When, fault: tuple[str, int]
) -> None:
    call, skips = fault
    with world.aws.failing(call, when, skips=skips, error=(403, "AccessDenied")):
        result = clef("period set 2026-09-01 2026-09-15 --apply")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("La période est enregistrée, mais les pages publiques ne la disent pas toutes")
    assert ("politique OperatorPolicy" if call == "Invoke" else "Le journal de test-desk-jobs") in result.err
    assert clef("period set 2026-09-01 2026-09-15 --apply").code == 0
    assert "du 1er septembre 2026" in read_by_families(visitor)


@pytest.mark.wing("admission")
def test_the_period_of_applications_is_said_at_once_and_publishes_nothing(clef: Clef, visitor: Visitor) -> None:
    before = read_by_families(visitor)

    result = clef("period set 2026-09-01 2026-09-15 --new --apply")
    site_period = clef("period set 01/10/2026 15/10/2026 --site evry-xenakis --new --apply --yes")

    assert (result.code, site_period.code) == (0, 0)
    assert "Les demandes pour 2026-2027 sont ouvertes jusqu'au 15 septembre 2026 inclus." in result.out
    assert result.out.splitlines()[-1] == "« Pré-inscription » le dit dès maintenant."
    assert read_by_families(visitor) == before
    assert "non annoncée" in clef("period show").out
    answer = clef("period show --new --json").json
    assert answer["sites"]["evry-xenakis"]["opens_on"] == "2026-10-01"
    assert answer["sites"]["evry-magnard"]["state"] == "during"


@pytest.mark.wing("admission")
def test_a_site_that_keeps_its_own_period_of_applications_is_named_with_how_to_take_it_back(clef: Clef) -> None:
    clef("period set 2026-10-01 2026-10-15 --site evry-xenakis --new --apply --yes")

    result = clef("period set 2026-09-01 2026-09-15 --new --apply")

    assert "clef period clear --new --site evry-xenakis" in result.out
    assert clef("period clear --new --site evry-xenakis --apply --yes --json").json["published"] == []
