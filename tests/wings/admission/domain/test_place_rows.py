"""A row of the list of places: a pool or its errors. Two rows never fit the same wish."""

import pytest

from chalicelib.domain.roster.yearly_file import Row
from chalicelib.wings.admission.domain.place_rows import ListedPlaces, Offering, code_of, overlaps, read_places

SITES = {"evry xenakis": "evry-xenakis", "evry magnard": "evry-magnard"}
OFFERING = Offering(
    {"piano": ("Piano", frozenset({"evry-xenakis", "evry-magnard"})), "harpe": ("Harpe", frozenset({"evry-xenakis"}))},
    {"debutant": "Débutant", "premier cycle": "Premier cycle"},
)


def read(*, line: int = 2, **cells: str) -> ListedPlaces | list[str]:
    whole = {"site": "Evry - Xénakis", "discipline": "PIANO", "total": "12"} | cells
    outcome = read_places(Row(line, {(word, 1): cell for word, cell in whole.items()}), "2027", SITES, OFFERING)
    return outcome if isinstance(outcome, ListedPlaces) else [one.code for one in outcome]


def listed(*, line: int = 2, **cells: str) -> ListedPlaces:
    places = read(line=line, **cells)
    assert isinstance(places, ListedPlaces)
    return places


def test_a_whole_row_is_a_pool_in_the_network_s_own_words() -> None:
    places = listed(level="debutant", youngest="7 ans", oldest="9", returning="5")
    pool = places.pool

    assert (pool.discipline, pool.level, pool.youngest, pool.oldest) == ("Piano", "Débutant", 7, 9)
    assert (pool.ref.code, pool.capacity, places.tells_returning) == ("piano-debutant-7-9-ans", 7, True)
    assert listed().tells_returning is False


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"site": ""}, ["row_without_site"]),
        ({"site": "Paris"}, ["row_site_unknown"]),
        ({"discipline": ""}, ["place_without_discipline"]),
        ({"discipline": "Pinao"}, ["place_discipline_unknown"]),
        ({"discipline": "Harpe", "site": "Evry Magnard"}, ["place_discipline_elsewhere"]),
        ({"level": "Expert"}, ["place_level_unknown"]),
        ({"youngest": "sept"}, ["place_age_unreadable"]),
        ({"youngest": "9", "oldest": "7"}, ["place_ages_reversed"]),
        ({"total": ""}, ["place_without_total"]),
        ({"total": "-3"}, ["place_count_unreadable"]),
        ({"total": "1200"}, ["place_count_unreadable"]),
        ({"returning": "#REF!"}, ["place_count_unreadable"]),
    ],
)
def test_what_is_not_sure_is_told(cells: dict[str, str], codes: list[str]) -> None:
    assert read(line=2, **cells) == codes


@pytest.mark.parametrize(
    ("first", "other", "meet"),
    [
        ({}, {}, True),
        ({"level": "Débutant"}, {"level": "Premier cycle"}, False),
        ({"level": "Débutant"}, {}, True),
        ({"youngest": "4", "oldest": "6"}, {"youngest": "7"}, False),
        ({"youngest": "4", "oldest": "6"}, {"youngest": "6"}, True),
        ({"oldest": "6"}, {"youngest": "0", "oldest": "3"}, True),
        ({}, {"site": "Evry Magnard"}, False),
    ],
)
def test_two_rows_for_the_same_wish_are_told(first: dict[str, str], other: dict[str, str], *, meet: bool) -> None:
    overlapping = [
        (anomaly.line, anomaly.facts["line"])
        for anomaly in overlaps([listed(line=2, **first), listed(line=3, **other)])
    ]

    assert overlapping == ([(3, "2")] if meet else [])


def test_a_pool_s_code_says_what_it_is() -> None:
    assert code_of("Éveil musical", "", 4, 6) == "eveil-musical-4-6-ans"
    assert code_of("Chant", "Premier cycle", 15, None) == "chant-premier-cycle-15-ans-et-plus"
    assert code_of("Éveil musical", "", 4, 4) == "eveil-musical-4-ans"
    assert code_of("Danse", "", None, 8) == "danse-jusqu-a-8-ans"
