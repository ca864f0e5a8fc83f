"""`clef enrolments accept|decline|ask`: what the secretary types, and what she is told."""

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from tests.support.clef import Clef
from tests.support.enrolled import (
    LEAVES,
    NUMBERS,
    SEASON,
    draft_again,
    keep,
    key_of,
    open_period,
    rossignol,
    send_pupils,
)
from tests.support.enrolling import LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

REF = EnrolmentRef(ROSSIGNOL, SEASON)
SIGNED = '--as "Mme Lyre"'
WORDS = '--words "Quel jour ?"'


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Store a family of which two pupils are sent, and a third, who leaves."""
    open_period(world)
    rossignol(world)
    keep(world, send_pupils(world.services.enrolments.find(REF), NUMBERS[1], key_of(LEO)))


def states(world: World) -> dict[str, str]:
    return {pupil.name: pupil.state for pupil in world.services.enrolments.find(REF).pupils}


def test_a_pupil_is_accepted(clef: Clef, world: World) -> None:
    said = clef(f"enrolments accept 'XEN 1' --pupil zelie {SIGNED}")

    assert said.code == ExitCode.DONE
    assert said.out.splitlines() == [
        "Famille Rossignol (XEN 1), réinscription 2027",
        "  - Zélie Rossignol : acceptée (continue Hautbois ; continue Formation musicale)",
        "Un mail part vers rossignol@example.org, come@example.org.",
    ]
    assert states(world)["Zélie Rossignol"] == "accepted"


def test_all_are_declined_at_once_in_words(clef: Clef, world: World) -> None:
    said = clef(f'enrolments decline xen1 --all --words "Plus de place." {SIGNED} --json').json

    assert (said["site"], said["identifier"], said["season"]) == ("evry-xenakis", "xen1", "2027")
    assert [(pupil["pupil"], pupil["verdict"], pupil["words"], pupil["changed"]) for pupil in said["pupils"]] == [
        ("Zélie Rossignol", "declined", "Plus de place.", True),
        ("Léo Rossignol", "declined", "Plus de place.", True),
    ]
    assert set(states(world).values()) == {"declined", "leaving"}


def test_something_is_asked_under_a_receipt_s_number(clef: Clef, world: World) -> None:
    said = clef(f"enrolments ask 'r27 b3cd 4fgh' --all {WORDS} {SIGNED}")

    assert "Léo Rossignol : à compléter par la famille" in said.out
    assert states(world) == {
        "Zélie Rossignol": "submitted",
        "Léo Rossignol": "to_complete",
        "Ève Rossignol": "leaving",
    }


def test_again_it_says_what_stands_and_what_is_replaced(clef: Clef) -> None:
    clef(f"enrolments accept xen1 --pupil Zélie {SIGNED}")

    same = clef(f"enrolments accept xen1 --pupil Zélie {SIGNED}")
    other = clef(f"enrolments decline xen1 --pupil Zélie {WORDS} {SIGNED}")
    on_purpose = clef(f"enrolments decline xen1 --pupil Zélie {WORDS} {SIGNED} --again")

    assert same.code == ExitCode.DONE
    assert "déjà acceptée le 2 juin 2027 à 20 h 00, par Mme Lyre ; rien à faire" in same.out
    assert "Un mail part" not in same.out
    assert (other.code, other.out) == (ExitCode.FAILED, "")
    assert "acceptée le 2 juin 2027 à 20 h 00, par Mme Lyre. Rien n'a été changé" in other.err
    assert "au lieu de : acceptée le 2 juin 2027 à 20 h 00, par Mme Lyre" in on_purpose.out


def test_what_a_family_began_to_answer_since_is_told(clef: Clef, world: World) -> None:
    keep(world, draft_again(world.services.enrolments.find(REF), key_of(ZELIE), LEAVES))

    said = clef(f"enrolments accept xen1 --pupil Zélie {SIGNED}")

    assert "La famille avait commencé à répondre autrement, sans l'envoyer : ne se réinscrit pas" in said.out


def test_who_has_no_address_is_to_be_called(clef: Clef, world: World) -> None:
    world.settle(ROSSIGNOL, emails=(), household=world.account().household)

    said = clef(f"enrolments accept xen1 --pupil Zélie {SIGNED}")

    assert "aucune adresse : prévenez la famille par téléphone" in said.out


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("accept xen1", ExitCode.FAILED),
        ("accept xen1 --pupil Noé", ExitCode.FAILED),
        ("accept xen1 --pupil Ève", ExitCode.FAILED),
        ("accept xen2 --all", ExitCode.FAILED),
        ("decline xen1 --all", ExitCode.MISUSED),
        ("ask xen1 --all", ExitCode.MISUSED),
        ("ask xen1 --all --words ' '", ExitCode.FAILED),
        ("accept", ExitCode.MISUSED),
    ],
)
def test_what_is_refused_is_a_sentence_and_a_code(clef: Clef, world: World, typed: str, code: ExitCode) -> None:
    said = clef(f"enrolments {typed} {SIGNED}")

    assert (said.code, said.out) == (code, "")
    assert said.err.endswith("\n")
    assert said.err.count("\n") == 1
    assert set(states(world).values()) == {"submitted", "leaving"}


def test_the_act_is_shown_at_the_desk(clef: Clef) -> None:
    clef(f"enrolments accept xen1 --pupil Zélie {SIGNED} --why 'reçu à l accueil'")

    assert (
        "réinscription acceptée, par Mme Lyre (« Zélie Rossignol (reçu R27-K4TN-8WCB) ; reçu à l accueil »)"
        in clef("desk show xen1").out
    )


def test_an_outage_says_to_begin_again(clef: Clef, world: World) -> None:
    with world.aws.failing("UpdateItem", "before"):
        said = clef(f"enrolments accept xen1 --all {SIGNED}")

    assert (said.code, said.out) == (ExitCode.FAILED, "")
    assert set(states(world).values()) == {"submitted", "leaving"}
