"""The yearly file after a merge: it lists the family by one identifier, whose people it has once, or is refused."""

import pytest

from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.helpdesk.corrections import GUARDIANS, PUPILS, data_shown
from chalicelib.office.roster.import_families import FamilyChange, FamilyImport, carry_out
from chalicelib.office.roster.survey import ImportOptions, survey_families
from tests.support.family_files import ROSSIGNOL as ROW
from tests.support.family_files import but, file
from tests.support.mergers import STAYS, merge
from tests.support.world import World

LEO = but(ROW, identifier="NID 9", guardian="M. Rossignol", email="nid@example.org", pupil="Léo Rossignol")
BOTH = ["Léo Rossignol", "Zélie Rossignol"]


def imported(world: World, *rows: tuple[str, ...]) -> set[str]:
    findings: list[FamilyChange | Anomaly] = []
    survey = survey_families(world.services, file(*rows), findings.append, world.now)
    options = ImportOptions(apply=True, is_sure=True)
    carry_out(FamilyImport(world.services, survey, options, world.now), file(*rows), findings.append)
    return {one.code if isinstance(one, Anomaly) else one.kind for one in findings}


def may_be_taken_back(world: World) -> list[str]:
    return [datum.values[0] for kind in (GUARDIANS, PUPILS) for datum in data_shown(kind, world.account(STAYS))[1:]]


@pytest.mark.parametrize(
    ("rows", "kinds", "unlisted"),
    [
        ((ROW, LEO), {"row_identifiers_two"}, []),
        ((ROW,), {"unchanged"}, ["M. Rossignol", "Léo Rossignol"]),
        ((LEO,), {"unchanged"}, ["Mme Rossignol", "Zélie Rossignol"]),
        ((LEO, but(LEO, pupil="Zélie Rossignol")), {"unchanged"}, ["Mme Rossignol"]),
        ((but(LEO, address="9 rue du Bac"),), {"changed"}, ["Mme Rossignol", "Zélie Rossignol"]),
    ],
)
def test_each_person_stays_once_and_may_be_taken_back_once_a_file_does_not_list_them(
    world: World, rows: tuple[tuple[str, ...], ...], kinds: set[str], unlisted: list[str]
) -> None:
    imported(world, ROW, LEO)
    merge(world)
    assert may_be_taken_back(world) == []

    for _ in range(2):
        assert imported(world, *rows) - {"kept"} == kinds
        kinds = {"unchanged"} if kinds == {"changed"} else kinds
        household = world.account(STAYS).household
        assert sorted(pupil.name for pupil in household.pupils) == BOTH
        assert sorted(adult.name for adult in household.guardians) == ["M. Rossignol", "Mme Rossignol"]
        assert world.account(STAYS).gone_at is None
        assert may_be_taken_back(world) == unlisted
