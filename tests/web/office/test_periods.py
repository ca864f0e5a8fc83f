"""GET and POST /extranet/bureau/saison/periode: a manager announces a period, once, and takes it back."""

import re
from datetime import date

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from tests.support.desk_work import deliver
from tests.support.french import plain
from tests.support.staff import DESK, MANAGER, NAMES, enter
from tests.support.world import Visitor, World

FORM = f"{DESK}/saison/periode"
JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
TYPED = {"site": "tous", "ouvre": "01/06/2027", "ferme": "2027-06-15"}


def hidden(visitor: Visitor, kind: str = "reinscription") -> dict[str, str]:
    page = visitor.get(f"{FORM}?quoi={kind}").text
    return dict(re.findall(r'name="(vu|quoi|jeton)" value="([^"]*)"', page))


def send(visitor: Visitor, kind: str = "reinscription", **fields: str) -> TestResponse:
    return visitor.post(FORM, hidden(visitor, kind) | TYPED | fields)


def test_a_period_is_announced_and_the_trail_says_by_whom(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)

    answer = send(visitor)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DESK}/saison?fait=periode")
    assert world.services.periods.read() == Periods(JUNE)
    page = visitor.get(answer.headers["Location"]).text
    assert "La période est enregistrée :" in page
    assert "Dernière modification : Odile Fauvette, le 1er septembre 2026 à 9 h 00." in page
    (act,) = world.services.audit_trail.on("*", "season")
    assert (act.kind, act.author.who, act.author.why) == (
        "period_set",
        f"{NAMES[MANAGER]} <{MANAGER}>",
        "2027-06-01 - 2027-06-15",
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"site": ""}, "Choisissez un site, ou tous les sites."),
        ({"site": "ailleurs"}, "Choisissez un site, ou tous les sites."),
        ({"ouvre": ""}, "Ce jour n'existe pas, ou n'est pas complet"),
        ({"ferme": "31/06/2027"}, "Ce jour n'existe pas, ou n'est pas complet"),
        ({"ferme": "31/05/2027"}, "La période se termine avant de commencer"),
    ],
)
def test_what_is_no_period_is_refused(world: World, visitor: Visitor, typed: dict[str, str], message: str) -> None:
    enter(world, visitor, MANAGER)

    answer = send(visitor, **typed)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'type="date" value="2027-06-01"' in answer.text or "ouvre" in typed
    assert "31/06/2027" in answer.text or typed != {"ferme": "31/06/2027"}
    assert world.services.periods.read() == Periods()


@pytest.mark.parametrize(
    ("opens", "closes", "doubts"),
    [
        ("2025-06-01", "2025-06-15", ("déjà terminée",)),
        ("2028-06-01", "2028-06-15", ("plus d'un an",)),
        ("2028-06-01", "2037-06-15", ("plus d'un an", "plus de six mois")),
    ],
)
def test_what_may_be_a_slip_is_announced_once_it_is_ticked(
    world: World, visitor: Visitor, opens: str, closes: str, doubts: tuple[str, ...]
) -> None:
    enter(world, visitor, MANAGER)
    days = {"ouvre": opens, "ferme": closes}

    question = send(visitor, **days)
    assert (question.status_code, 'name="accord"' in question.text) == (422, True)
    assert all(doubt in question.text for doubt in doubts)
    assert world.services.periods.read() == Periods()

    assert send(visitor, **days, accord="oui").status_code == 303
    assert world.services.periods.read() != Periods()


def test_a_page_that_is_out_of_date_changes_nothing_and_says_who_came_first(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    fields = hidden(visitor)
    send(visitor, ouvre="02/06/2027")

    answer = visitor.post(FORM, fields | TYPED)

    assert answer.status_code == 422
    assert "Odile Fauvette vient de changer les périodes (le 1er septembre 2026 à 9 h 00)" in answer.text
    assert 'value="2027-06-01"' in answer.text
    assert world.services.periods.read() == Periods(EnrolmentPeriod(date(2027, 6, 2), date(2027, 6, 15)))


def test_the_public_pages_say_it_once_its_job_is_done(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    send(visitor)
    page = visitor.get(f"{DESK}/saison").text
    assert "ne le disent pas encore" in page
    assert "Publier les pages maintenant" in page

    deliver(world)

    assert "le disent depuis le 1er septembre 2026 à 9 h 00" in visitor.get(f"{DESK}/saison").text
    bucket, name = world.aws.client("s3"), world.services.settings.pages_bucket
    text = bucket.get_object(Bucket=name, Key="extranet/usager")["Body"].read().decode()
    assert "du 1er juin 2027 au 15 juin 2027 inclus" in plain(text)


def test_a_job_that_could_not_be_started_is_by_a_button(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    form = hidden(visitor) | TYPED
    with world.aws.failing("SendMessageBatch", "before"):
        assert visitor.post(FORM, form).status_code == 303
    assert world.services.periods.read() == Periods(JUNE)

    answer = visitor.post(f"{DESK}/saison/publier", {"jeton": form["jeton"]})
    deliver(world)

    assert answer.headers["Location"] == f"{DESK}/saison?fait=publication"
    assert "ne le disent pas encore" not in visitor.get(f"{DESK}/saison").text
