"""The timeline of a file: every source in it, newest first, by kind, the newest alone at first."""

from datetime import timedelta
from typing import get_args

from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.office.enrolment.show import family_overview
from chalicelib.office.family_file import family_file
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import TELEPHONE, NewValues, correct
from chalicelib.presentation.office import timeline
from chalicelib.presentation.office.timeline import CHIPS, Event, Kind
from chalicelib.presentation.rendering import environment
from tests.support.enrolled_families import judge, keep, key_of, open_for_rossignol
from tests.support.enrolment import ZELIE, enrolment
from tests.support.households import settle_whole
from tests.support.two_logins import settle_family
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"


def test_a_family_s_events_come_from_all_that_is_kept(world: World) -> None:
    settle_whole(world)
    family_file(world.services, ROSSIGNOL, BASILE, world.now)

    events = list(timeline.of_family(family_file(world.services, ROSSIGNOL, BASILE, world.now)))

    assert {event.kind for event in events} >= {"sent", "mailed", "returned", "changed", "read"}
    assert {event.title for event in events} >= {
        "mot de passe envoyé",
        "mail « rentree 2026 » remis, à rossignol@example.org",
        "come@example.org : revenue",
        "payeur : rien → Côme Rossignol",
        "attente levée",
        "coordonnées confirmées",
    }


def test_a_re_enrolment_has_its_receipts_and_decisions(world: World) -> None:
    open_for_rossignol(world)
    keep(world, judge(enrolment(world), key_of(ZELIE), "declined", "Plus de place."))

    events = list(timeline.of_enrolment(family_overview(world.services, ROSSIGNOL, None, world.now)))

    assert [(event.kind, event.title, event.author) for event in events] == [
        ("sent", f"réinscription envoyée : Ève Rossignol, {ZELIE.name} (reçu R27-K4TN-8WCB)", "Mme Aimée Rossignol"),
        ("decided", f"{ZELIE.name} : refusée", "M. Orme"),
    ]


def test_a_correction_by_the_office_is_one_event_with_its_reason_and_without_an_address(world: World) -> None:
    settle_family(world)
    case = HelpdeskCase("xen1", ROSSIGNOL.site, Author(BASILE, "rappelée"))
    values = NewValues("1", ("01 99 00 00 09",), TELEPHONE.version_of(world.account()))
    correct(world.services, case, TELEPHONE, values, world.now + timedelta(microseconds=123456))

    events = timeline.of_family(family_file(world.services, ROSSIGNOL, BASILE, world.now))

    assert [(event.title, event.by, event.why) for event in events if event.kind == "changed"] == [
        ("téléphone de Mme Aimée Rossignol : 06 99 00 10 01 → 01 99 00 00 09", "Basile Troglodyte", "rappelée")
    ]


def test_the_newest_are_shown_first_then_one_kind_or_all() -> None:
    kinds: list[Kind] = [*("sent", "read") * 6]
    events = [Event(OPENING_MORNING + timedelta(days=day), kind, str(day)) for day, kind in enumerate(kinds)]

    first, second, whole = (timeline.timeline(events, chosen) for chosen in ("", "lectures", "tout"))

    assert [event.title for event in first.events] == ["10", "8", "6", "4", "2", "0"]
    assert (first.rest, list(first.chips)) == (6, ["envois", "lectures"])
    assert {event.kind for event in second.events} == {"read"}
    assert [event.title for event in whole.events] == [str(day) for day in range(11, -1, -1)]
    assert whole.rest == 0


def test_a_file_that_was_only_read_shows_who_read_it_and_a_kind_without_events_no_empty_list() -> None:
    consultation = Event(OPENING_MORNING, "read", "consultation")
    line, empty = timeline.timeline([consultation], ""), timeline.timeline([consultation], "mails")
    page = environment().from_string("{% import 'office/dossier.html' as file %}{{ file.timeline(line, '') }}")

    assert (line.events, line.rest) == ((consultation,), 0)
    assert ("<ol" in page.render(line=line), "<ol" in page.render(line=empty)) == (True, False)


def test_each_kind_has_a_filter_and_each_act_a_kind() -> None:
    assert {kind for kind, _ in CHIPS.values()} == set(get_args(Kind))
    kinds = {act: timeline.kind_of(act) for act in get_args(AuditAction)}
    assert kinds["pupil_accepted"] == kinds["request_joined"] == kinds["place_given"] == "decided"
    assert kinds["documents_read"] == "read"
    assert kinds["resent"] == "mailed"
    assert kinds["email_changed"] == "changed"
