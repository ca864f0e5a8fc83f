"""Counts of slips, and French names that sound alike."""

import pytest

from chalicelib.domain.search.misspellings import slips, slips_allowed, sound_of


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("merle", "merle", 0),
        ("merl", "merle", 1),
        ("merrle", "merle", 1),
        ("marle", "merle", 1),
        ("emrle", "merle", 1),
        ("melre", "merle", 1),
        ("rosinol", "rossignol", 2),
        ("merle", "moineau", None),
        ("", "me", 2),
        ("ca", "abc", None),
    ],
)
def test_slips_are_counted(typed: str, meant: str, count: int | None) -> None:
    assert slips(typed, meant, 2) == count


def test_a_short_word_is_taken_at_its_word() -> None:
    assert [slips_allowed("x" * length) for length in (2, 3, 4, 6, 7)] == [0, 0, 1, 1, 2]
    assert slips_allowed("dda", is_alone=False) == 1


@pytest.mark.parametrize(
    "names",
    [
        "lefebvre lefevre lefaivre",
        "gauthier gautier gotier gothier",
        "thibault thibaut thibaud tibo",
        "renault renaud reno",
        "dupont dupond",
        "meyer mayer maier",
        "philippe filipe",
        "catherine katherine",
        "guillaume guilaume",
        "jacquet jaquet jaket",
        "michel michele michelle",
        "chretien kretien",
        "fusain fuzin fuzain",
        "alize aliser alizer alizez",
    ],
)
def test_names_that_are_heard_alike_have_one_sound(names: str) -> None:
    assert len({sound_of(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", ["bosser boser", "martin martinez", "petit petrov", "merle moineau", "zoe zelie"])
def test_names_that_are_not_have_several(names: str) -> None:
    assert len({sound_of(name) for name in names.split()}) == 2
