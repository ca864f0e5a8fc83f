"""Pages of this network: none leads nowhere, or speaks of a wing left out, as far as links lead.

`test_switch.py` runs this for networks that leave wings out.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib.settings.wings import WINGS
from chalicelib.wings import ALL_WINGS
from tests.support.all_letters import all_written
from tests.support.enrolment import answer_all, open_season
from tests.support.french import plain
from tests.support.staff import DESK, MANAGER, SECRETARY, TEACHER, enter
from tests.support.walk import Walk
from tests.support.wing_examples import wing_examples
from tests.support.world import ROSSIGNOL, Visitor, World

WORDS: Final = {
    "admission": r"[Pp]ré-inscription|[Tt]irages? au sort|[Nn]ouvelles demandes|[Ll]iste d'attente",
    "campaign": r"[Cc]ommuniqués?\b|[Cc]ampagne|[Cc]ourrier d'accès",
    "teaching": r"[Aa]ccès enseignant|(un|des|ses) enseignant|[Aa]ppréciation|[Aa]bsences\b|[Aa]gendas\b|l'appel\b"
    "|Enseignement",
    **{name: examples.words for name, examples in wing_examples().items()},
}
LABELS_OF_CORE: Final = {"Cours", "Demandes"}  # of links too, with another sense
LEFT_OUT: Final = [
    "|".join(
        (
            WORDS[wing.name],
            *(
                f">{re.escape(link[1])}<"
                for links in wing.links.values()
                for link in links
                if link[1] not in LABELS_OF_CORE
            ),
        )
    )
    for wing in ALL_WINGS
    if wing not in WINGS
]
STATIC: Final = tuple(f"/extranet{path}" for path in ("", "/aide", "/plan", "/erreurs/404", "/erreurs/503"))

# The beginnings of the names of letters that only a wing sends. The invitation of a teacher is one of its variants.
LETTERS: Final = (
    *("admission_", "absence", "course_words", "lesson_", "notice", "staff_invitation", "staff_rolls"),
    *(letter for examples in wing_examples().values() for letter in examples.letters),
)


@pytest.fixture
def family(world: World) -> World:
    """Store a family that re-enrols, and another without a password a week after the period has opened."""
    open_season(world, datetime(2027, 6, 9, 18, 0, tzinfo=UTC))
    answer_all(world)
    world.settle(replace(ROSSIGNOL, identifier="xen2"), password=None)
    return world


def test_no_static_page_leads_nowhere_or_speaks_of_a_wing_left_out(world: World, visitor: Visitor) -> None:
    walk = Walk(world, visitor, LEFT_OUT)

    assert walk.faults_from(*STATIC) == ""
    assert walk.pages > 12


def test_no_page_of_a_family_does(family: World, visitor: Visitor) -> None:
    visitor.log_in()
    walk = Walk(family, visitor, LEFT_OUT)

    assert walk.faults_from("/extranet/compte") == ""
    assert walk.pages > 25


@pytest.mark.parametrize("email", [MANAGER, SECRETARY, TEACHER])
def test_no_page_of_the_staff_does(family: World, visitor: Visitor, email: str) -> None:
    enter(family, visitor, email)
    walk = Walk(family, visitor, LEFT_OUT)

    assert walk.faults_from(DESK) == ""
    assert walk.pages > 10


def test_no_letter_of_the_core_does() -> None:
    letters = {name: plain(letter.subject + letter.text + letter.html) for name, letter in all_written()}
    names = [name for name in letters if not name.startswith(LETTERS)]

    assert [name for name in names for words in LEFT_OUT if re.search(words, letters[name])] == []
    assert "identifier_given 0" in names
