"""A file without one of its columns, any of them: the account stays as it is."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import Course, pupil_key
from chalicelib.domain.roster.merge import loss_of
from chalicelib.domain.roster.row_families import ListedFamily, new_account, update_account
from chalicelib.domain.roster.rows import read_row
from chalicelib.domain.roster.yearly_file import NEEDED, Column, Row
from chalicelib.office.files.columns import FAMILIES
from tests.support.family_files import SITES, TODAY
from tests.support.guardian_files import OWN

PSEUDONYMS: Final = Pseudonyms("a key of some thirty-two characters")
# A cell of each column, for the first person and the second.
CELLS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("Famille Rossignol",), "postcode": ("1000",), "town": ("Bruxelles",), "country": ("Belgique",),
    "payer": ("M. Merle",), "address": ("3 rue de l'Orge", "Bâtiment B"),
    "guardian_address": ("", "5 rue du Blé"), "guardian_postcode": ("", "1030"), "guardian_town": ("", "Schaerbeek"),
    "guardian_country": ("", "Belgique"), "guardian_title": ("Mme", "M."), "guardian_first": ("Ève", "Luc"),
    "guardian": ("Rossignol", "Merle"), "email": ("eve@example.org", "luc@example.org"),
    "telephone": ("01 99 00 12 34", "01 99 00 12 35"), "mobile": ("06 99 00 12 34", "06 99 00 12 35"),
    "pupil_first": ("Zélie", "Léo"), "pupil": ("Rossignol", "Rossignol"), "born_on": ("28/02/2015", "01/03/2017"),
    "discipline": ("Hautbois", "Alto"), "level": ("Cycle 1", "Cycle 2"), "teacher": ("Mme Loriot", "M. Geai"),
    "day": ("Mercredi", "Samedi"), "time": ("14:30-15:15", "9h"), "place": ("Site A, bâtiment B", "Site C"),
    "room": ("Salle 3", "Salle 4"),
}  # fmt: skip
FULL: Final[dict[Column, str]] = OWN | {
    (word, number): cell for word, cells in CELLS.items() for number, cell in enumerate(cells, 1)
}
OPTIONAL: Final = tuple(word for word in FAMILIES.words if (word, 1) not in NEEDED)


def listed(cells: dict[Column, str], *without: str) -> ListedFamily:
    """Read the family of a file without some columns."""
    family = read_row(
        Row(2, {column: cell for column, cell in cells.items() if column[0] not in without}), SITES, TODAY
    )
    assert family.family, family.anomalies
    return family.family


def imported(account: Account, family: ListedFamily) -> Account:
    return update_account(account, family, PSEUDONYMS).after


def corrected(account: Account, *fields: str) -> Account:
    """Correct some fields, as the office does."""
    first, *rest = account.household.guardians
    zelie, *pupils = account.household.pupils
    parts: dict[str, Any] = {
        "address": ("1 rue Corrigée", "91000 Evry"), "payer": "Mme Corrigée",
        "guardians": (replace(first, telephone="01 99 00 99 99", address=("2 rue Corrigée",)), *rest),
        "pupils": (replace(zelie, name="Zélia Rossignol", key=pupil_key(zelie)), *pupils),
    }  # fmt: skip
    return replace(account, household=replace(account.household, **{field: parts[field] for field in fields}))


@settings(max_examples=8, deadline=None)
@example(set(), {"address", "payer", "guardians", "pupils"})
@example({("guardian_title", 1), ("guardian_first", 1)}, {"guardians"})
@example({("pupil_first", 1), ("pupil_first", 2)}, {"pupils"})
@given(
    st.sets(st.sampled_from([column for column in FULL if column not in NEEDED and column[0] != "pupil"])),
    st.sets(st.sampled_from(["address", "payer", "guardians", "pupils"])),
)
def test_whatever_column_is_dropped_nothing_changes(empty: set[Column], corrections: set[str]) -> None:
    assert {*CELLS, "site", "identifier"} == set(FAMILIES.words)
    assume(not any({("guardian", person), ("guardian_first", person)} <= empty for person in (1, 2)))  # a mere title
    cells = {column: "" if column in empty else cell for column, cell in FULL.items()}
    before = corrected(new_account(listed(cells)), *corrections)
    wrong = {}
    for word in OPTIONAL:
        without = listed(cells, word)
        update = update_account(before, without, PSEUDONYMS)
        again = update_account(update.after, without, PSEUDONYMS)
        back = imported(again.after, listed(cells))
        for account in (update.after, again.after, back):
            if replace(account, imported=()) != replace(before, imported=()):
                wrong[word] = update.changed or account.household
        if update.changed or loss_of(before, update.after):
            wrong[word] = update.changed
    assert wrong == {}


def test_a_value_kept_for_want_of_a_column_is_shown() -> None:
    update = update_account(new_account(listed(FULL)), listed(FULL, "mobile"), PSEUDONYMS)

    (difference,) = update.kept
    assert (difference.what, difference.is_partial) == ("telephones", True)
    assert difference.file == ("01 99 00 12 34", "01 99 00 12 35")


def test_what_the_other_columns_say_is_written() -> None:
    account = new_account(listed(FULL))
    newer = FULL | {("level", 1): "Cycle 2", ("time", 2): "10h", ("telephone", 1): "01 99 00 12 36"}

    household = imported(account, listed(newer, "day", "teacher", "room", "born_on")).household

    assert [pupil.courses for pupil in household.pupils] == [
        (Course("Hautbois", "Cycle 2", "Mme Loriot", "mercredi 14 h 30 - 15 h 15", "Site A, bâtiment B"),),
        (Course("Alto", "Cycle 2", "M. Geai", "samedi 10 h", "Site C"),),
    ]
    assert [pupil.born_on for pupil in household.pupils] == [pupil.born_on for pupil in account.household.pupils]
    assert household.guardians[0].telephone == "06 99 00 12 34 / 01 99 00 12 36"


def test_a_file_of_before_columns_were_noted_keeps_the_timetable_too() -> None:
    account = new_account(listed(FULL))
    older = replace(account, imported=tuple((what, value) for what, value in account.imported if what != "columns"))
    household = imported(older, listed(FULL, "day", "time", "place", "room", "teacher", "born_on")).household

    assert household == account.household
    bare = [column for column in FULL if column[0] in {"day", "room"}]
    family = listed({column: cell for column, cell in FULL.items() if column not in bare})
    assert loss_of(account, imported(older, family)) == "lost"


def test_an_emptied_cell_of_a_course_is_a_loss() -> None:
    account = new_account(listed(FULL))
    losses = {}
    for word in ("discipline", "level", "teacher", "day", "time", "place", "room"):
        after = imported(account, listed(FULL | {(word, 2): ""}))
        losses[word] = loss_of(account, after), after.household != account.household
    assert losses == dict.fromkeys(losses, ("lost", True))
