"""An application in plain French: its state, its wishes' states, its look-alikes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.admission.domain.applications import AdmissionDecision
from chalicelib.wings.admission.domain.look_alikes import LookAlike
from chalicelib.wings.admission.domain.pools import Pool
from chalicelib.wings.admission.office.applications import ListedCandidate
from chalicelib.wings.admission.office.places import HeldPlace, WishStanding
from chalicelib.wings.admission.presentation.office import applications
from chalicelib.wings.admission.presentation.office.places import place_name
from tests.support.all_letters import NETWORK
from tests.support.applications import ALBA, SENT
from tests.support.pools import POOL

AT = datetime(2027, 7, 5, 8, 0, tzinfo=UTC)
PIANO = ALBA.wishes[0]
AGED = replace(POOL, youngest=7, oldest=9)


def test_a_place_that_is_proposed_says_until_when() -> None:
    pupil = ListedCandidate(SENT, ALBA, 1, 9, HeldPlace(PIANO, POOL, "offered", AT))

    assert applications.state(pupil) == "place proposée jusqu'au 5 juillet 2027 à 10 h 00"
    assert applications.state(ListedCandidate(SENT, ALBA, 1, 9, HeldPlace(PIANO, POOL, "taken"))) == "place acceptée"


def test_a_wish_names_its_site_and_days() -> None:
    assert applications.wish(PIANO, NETWORK) == "Piano, Débutant, Evry - Xénakis (mercredi, samedi)"


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (WishStanding(PIANO, "uncounted"), ""),
        (WishStanding(PIANO, "in_line", POOL), "dans la file"),
        (WishStanding(PIANO, "in_line", POOL, position=1, waiting=12), "dans la file, 1er sur 12"),
        (WishStanding(PIANO, "in_line", AGED, position=3, waiting=12), "dans la file (de 7 à 9 ans), 3ᵉ sur 12"),
        (WishStanding(PIANO, "offered", POOL, AT), "place proposée jusqu'au 5 juillet 2027 à 10 h 00"),
        (
            WishStanding(PIANO, "taken", AGED, AT),
            "place acceptée par la famille le 5 juillet 2027 à 10 h 00 (de 7 à 9 ans)",
        ),
        (WishStanding(PIANO, "expired", POOL, AT), "place proposée, sans réponse le 5 juillet 2027 à 10 h 00"),
    ],
)
def test_the_state_of_a_wish_does_not_repeat_its_course(standing: WishStanding, words: str) -> None:
    assert applications.wish_standing(standing, NETWORK) == words


def test_a_look_alike_says_what_and_where_to_look() -> None:
    account = LookAlike("child", AccountRef("evry-xenakis", "xen1"), "Famille Geai")

    assert applications.look_alike(account, NETWORK) == "même élève que le compte xen1, Evry - Xénakis (Famille Geai)"
    assert applications.look_alike(LookAlike("address", "P27-XXXX-2222", "M. Pie"), NETWORK) == (
        "même adresse postale que la demande P27-XXXX-2222 (M. Pie)"
    )


def test_a_decision_says_who_when_and_in_which_words() -> None:
    assert applications.decision(AdmissionDecision("declined", "M. Orme", AT, "Complet.")) == (
        "refusée le 5 juillet 2027 à 10 h 00, par M. Orme : « Complet. »"
    )


@pytest.mark.parametrize(
    ("pool", "text"),
    [
        (POOL, "Piano, Débutant, Evry - Xénakis : 2 places libres"),
        (replace(POOL, level="", youngest=7, total=4), "Piano, 7 ans et plus, Evry - Xénakis : 1 place libre"),
        (replace(POOL, level="", oldest=6, total=3), "Piano, 6 ans au plus, Evry - Xénakis : aucune place libre"),
        (replace(POOL, level="", youngest=7, oldest=9), "Piano, de 7 à 9 ans, Evry - Xénakis : 2 places libres"),
    ],
)
def test_a_pool_is_named_as_families_name_it_with_its_free_places(pool: Pool, text: str) -> None:
    assert applications.pool(pool, NETWORK) == text
    assert place_name(pool, None) == "piano-debutant, evry-xenakis"
