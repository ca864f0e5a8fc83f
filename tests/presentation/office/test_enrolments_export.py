"""The rows of the export: one for each pupil and course, as in docs/enrolments-export.md, in constant memory."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.answers import CourseWish
from chalicelib.domain.enrolment.enrolments import Enrolment, PaperForm
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.reenrolments import PupilQuery, pupils
from chalicelib.presentation.office.enrolments_export import HEADINGS, Cell, rows_of
from tests.support.enrolled_families import (
    CANARI,
    CHANGES,
    GOES_ON,
    LEAVES,
    MERLE,
    NUMBERS,
    SEASON,
    alone,
    judge,
    keep,
    key_of,
    new_enrolment,
    open_for_rossignol,
    open_period,
    rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import EVE, HOUSEHOLD, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

REF = EnrolmentRef(ROSSIGNOL, SEASON)


@pytest.fixture
def season(world: World) -> World:
    """Families of one site: one that sent two pupils of three, one that sent its only one, one without an answer."""
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    alone(world, MERLE, "Famille Merle", "Noé Merle")
    return world


def exported_rows(world: World, query: PupilQuery = PupilQuery()) -> list[dict[str, Cell]]:  # noqa: B008 - it never changes
    return [
        dict(zip(HEADINGS, row, strict=True))
        for pupil in pupils(world.services, query, world.now)
        for row in rows_of(pupil)
    ]


def filled_cells(row: dict[str, Cell]) -> dict[str, Cell]:
    return {name: cell for name, cell in row.items() if cell}


def test_each_course_of_a_pupil_has_its_row(season: World) -> None:
    cells = [(row["Élève"], row["Discipline"], row["Souhait"]) for row in exported_rows(season)]

    assert cells == [
        ("Ana Canari", "Piano", "continue"),
        ("Zélie Rossignol", "Hautbois", "continue"),
        ("Zélie Rossignol", "Formation musicale", "continue"),
        ("Léo Rossignol", "Danse classique", ""),
        ("Ève Rossignol", "Chant", "part"),
        ("Noé Merle", "Piano", ""),
    ]


def test_every_cell_of_what_was_sent_and_decided(season: World) -> None:
    enrolment = send_pupils(season.services.enrolments.find(REF), "R27-CCCC-5555", key_of(LEO))
    keep(season, judge(enrolment, key_of(LEO), "to_complete", "Quel jour ?"))

    (row,) = [line for line in exported_rows(season) if line["Élève"] == "Léo Rossignol"]

    assert filled_cells(row) | {"Envoyé le": str(row["Envoyé le"]), "Décidé le": str(row["Décidé le"])} == {
        "Site": "evry-xenakis",
        "Saison": "2027",
        "Identifiant": "XEN 1",
        "Famille": "Famille Rossignol",
        "Élève": "Léo Rossignol",
        "Date de naissance": date(2018, 7, 1),
        "Discipline": "Danse classique",
        "Niveau": "Éveil",
        "Souhait": "change",
        "Discipline souhaitée": "Danse contemporaine",
        "Jour souhaité 1": "mardi",
        "Jour souhaité 2": "jeudi",
        "Remarque": "Plutôt après 17 h.",
        "État": "à compléter",
        "Reçu": "R27-CCCC-5555",
        "Envoyé le": "2027-06-02 20:00:00+02:00",
        "Décision": "à compléter",
        "Décidé le": "2027-06-02 21:00:00+02:00",
        "Texte de l'administration": "Quel jour ?",
        "Payeur": "Mme Aimée Rossignol",
        "Droit à l'image": "non",
        "Urgence : nom": "M. Merle",
        "Urgence : téléphone": "06 99 00 00 01",
        "Pièces": "certificat-danse (en ligne)",
        "Saisie par": "la famille",
    }


def test_who_entered_the_answers_is_said(season: World) -> None:
    enrolment = season.services.enrolments.find(REF)
    paper = PaperForm("post", date(2027, 6, 1), "Aimée Houx")
    keep(season, replace(enrolment, receipts=tuple(replace(receipt, paper=paper) for receipt in enrolment.receipts)))

    origins = {row["Élève"]: row["Saisie par"] for row in exported_rows(season)}

    assert origins["Zélie Rossignol"] == "l'administration, dossier papier du 1er juin 2027, reçu par courrier"
    assert (origins["Ana Canari"], origins["Noé Merle"]) == ("la famille", "")


def test_a_family_gone_from_the_yearly_file_is_marked(season: World) -> None:
    account = season.account(ROSSIGNOL)
    season.services.accounts.change(account, replace(account, gone_at=season.now))

    marks = {(row["Famille"], row["Fichier annuel"]) for row in exported_rows(season)}

    assert marks == {("Famille Rossignol", "partie"), ("Famille Canari", ""), ("Famille Merle", "")}


def test_a_draft_asks_for_nothing(season: World) -> None:
    (row,) = [line for line in exported_rows(season) if line["Élève"] == "Léo Rossignol"]

    assert row["État"] == "brouillon"
    for name in ("Souhait", "Discipline souhaitée", "Motif", "Remarque", "Reçu", "Envoyé le", "Décision", "Payeur"):
        assert not row[name]


def test_who_leaves_leaves_each_course_with_the_reason(season: World) -> None:
    everybody = ((key_of(pupil), pupil.name, LEAVES) for pupil in (ZELIE, LEO, EVE))
    keep(season, send_pupils(new_enrolment(ROSSIGNOL, everybody), NUMBERS[0]))

    cells = [
        (row["Discipline"], row["Souhait"], row["Discipline souhaitée"], row["Motif"])
        for row in exported_rows(season, PupilQuery("evry-xenakis", state="leaving"))
    ]

    assert cells == [
        (course.discipline, "part", "", "Déménagement") for pupil in (ZELIE, LEO, EVE) for course in pupil.courses
    ]


def test_each_row_tells_its_own_pupil_s_image_right_and_that_of_who_leaves_is_not_told(season: World) -> None:
    enrolment = season.services.enrolments.find(REF)
    leo = enrolment.pupil(key_of(LEO))
    assert leo
    assert leo.draft
    agrees = enrolment.with_pupil(replace(leo, draft=replace(leo.draft, image_rights=True)), season.now)
    keep(season, send_pupils(agrees, "R27-CCCC-5555", key_of(LEO)))

    answers = {row["Élève"]: row["Droit à l'image"] for row in exported_rows(season)}

    assert answers == {
        "Ana Canari": "non",
        "Zélie Rossignol": "non",
        "Léo Rossignol": "oui",
        **dict.fromkeys(("Ève Rossignol", "Noé Merle")),
    }


def test_the_household_is_told_as_it_was_last_sent_with_whichever_pupil(season: World) -> None:
    enrolment = season.services.enrolments.find(REF)
    assert enrolment.household_saved
    paid_by_another = enrolment.with_household(
        replace(enrolment.household, payer="M. Côme Rossignol"), enrolment.household_saved
    )
    keep(season, send_pupils(paid_by_another, "R27-CCCC-5555", key_of(LEO)))

    payers = {row["Élève"]: row["Payeur"] for row in exported_rows(season)}

    assert payers["Zélie Rossignol"] == payers["Léo Rossignol"] == "M. Côme Rossignol"


def test_a_discipline_more_has_a_row_of_its_own(season: World) -> None:
    enrolment = season.services.enrolments.find(REF)
    leo = enrolment.pupil(key_of(LEO))
    assert leo
    assert leo.draft
    more = replace(leo.draft, wishes=(*leo.draft.wishes, CourseWish("Alto", "add", days=("lundi",))))
    keep(season, send_pupils(enrolment.with_pupil(replace(leo, draft=more), season.now), "R27-CCCC-5555", key_of(LEO)))

    rows = [row for row in exported_rows(season) if row["Élève"] == "Léo Rossignol"]

    answers = [
        [row[name] for name in ("Discipline", "Souhait", "Discipline souhaitée", "Jour souhaité 1")] for row in rows
    ]
    assert answers == [["Danse classique", "change", "Danse contemporaine", "mardi"], ["", "ajoute", "Alto", "lundi"]]


def test_a_pupil_without_courses_has_a_row_too(world: World) -> None:
    open_period(world)
    household = replace(HOUSEHOLD, pupils=(replace(ZELIE, courses=()),))
    world.settle(ROSSIGNOL, household=household)
    keep(
        world,
        send_pupils(
            new_enrolment(ROSSIGNOL, ((key_of(household.pupils[0], household), ZELIE.name, GOES_ON),)), NUMBERS[0]
        ),
    )

    cells = [(row["Discipline"], row["Souhait"]) for row in exported_rows(world)]

    assert cells == [("Hautbois", "continue"), ("Formation musicale", "continue")]
    world.database.write_together(world.services.enrolments.delete(REF))
    assert [(row["Élève"], row["Discipline"]) for row in exported_rows(world)] == [(ZELIE.name, "")]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (PupilQuery("evry-magnard"), 1),
        (PupilQuery(state="submitted"), 3),
        (PupilQuery(season="2026"), 6),
        (PupilQuery(state="draft"), 1),
    ],
)
def test_it_may_be_narrowed(season: World, query: PupilQuery, count: int) -> None:
    assert len(exported_rows(season, query)) == count


def test_a_read_that_fails_is_told(season: World) -> None:
    with season.aws.failing("Query", "before", skips=2), pytest.raises(Unavailable):
        exported_rows(season)


def test_memory_holds_a_page_and_not_the_season(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty times as many families take equal memory: endless pages replace both tables."""
    account = replace(rossignol(world), emails=())
    sending = send_pupils(new_enrolment(ROSSIGNOL, ((key_of(LEO), LEO.name, CHANGES),)), NUMBERS[0])

    def peak(count: int) -> int:
        def refs() -> Iterator[AccountRef]:
            return (AccountRef(ROSSIGNOL.site, f"f{number:06}") for number in range(count))

        def accounts(_: str) -> Iterator[Account]:
            return (replace(account, ref=ref) for ref in refs())

        def enrolments(season: str, _: str) -> Iterator[Enrolment]:
            return (replace(sending, ref=EnrolmentRef(ref, season)) for ref in refs())

        monkeypatch.setattr(world.services.accounts, "all", accounts)
        monkeypatch.setattr(world.services.enrolments, "all", enrolments)
        tracemalloc.start()
        size = sum(
            1
            for pupil in pupils(world.services, PupilQuery(ROSSIGNOL.site), datetime(2027, 6, 3, tzinfo=UTC))
            for _ in rows_of(pupil)
        )
        _, memory = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size == 4 * count
        return memory

    peak(2000)  # the first use also builds caches
    assert peak(2000) < 1.5 * peak(100) + 100_000
