"""Texts are data: every sentence exists, is used, is good French, and is the guide's where it has one."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.enrolment.answers import (
    HOUSEHOLD_FIELDS,
    PUPIL_FIELDS,
    CourseWish,
    HouseholdAnswers,
    PupilAnswers,
)
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Course
from chalicelib.presentation import texts
from chalicelib.presentation.office.sentences import SENTENCES as OFFICE_SENTENCES
from chalicelib.presentation.sentences import FIELDS, SENTENCES
from chalicelib.presentation.wish_texts import accepted_course, wish
from chalicelib.settings.environment import load_network
from chalicelib.settings.wings import WINGS
from operations.pages.build import build
from tests.support.answers import CHANGES, WHOLE
from tests.support.french import gaps_of, slips, visible_text
from tests.support.template_files import template_files
from tests.support.world import PASSWORD, Visitor, World

ROOT = Path(__file__).parents[1]
# The values for the gaps of sentences.
FACTS = {
    "site_forgiven": {"site"},
    "slowed_down": {"until"},
    "lost_slowed_down": {"until"},
    "staff_slowed_down": {"until"},
    "school_year_not_configured": {"school_year"},
    "staff_links_slowed_down": {"until"},
    "staff_browsers_slowed_down": {"until"},
    "password_too_short": {"shortest"},
    "password_too_long": {"longest"},
    "step_moved": {"who", "when"},
    "step_moved_by_you": {"when"},
    "summary_moved": {"who", "when"},
    "summary_moved_by_you": {"when"},
    "already_sent": {"who", "when"},
    "coordinates_moved": {"who", "when"},
    "corrections_slowed_down": {"until"},
    "addresses_slowed_down": {"until"},
    "codes_slowed_down": {"until"},
    "sendings_slowed_down": {"until"},
    "receipts_used_up": {"most", "telephone"},
    "words_too_long": {"longest"},
    "request_step_moved": {"when"},
    "document_too_large": {"size", "largest"},
    "document_too_many": {"most"},
    "questions_slowed_down": {"until"},
    "claims_slowed_down": {"until"},
    "candidates_claimed": {"names", "telephone"},
    "wish_site_closed": {"site"},
    "wish_closed_changed": {"site", "discipline", "telephone"},
    "wish_elsewhere": {"site", "discipline", "places"},
    "wish_nowhere": {"site", "discipline"},
    "wish_age": {"discipline", "ages", "name", "age", "day"},
    "wish_age_here": {"age", "site", "disciplines"},
    "wish_age_elsewhere": {"age", "site", "places"},
    "wish_age_nowhere": {"age"},
    "opinions_closed": {"opens_on", "closes_on"},
    "opinions_when": {"opens_on", "closes_on"},
    "opinion_moved": {"said"},
    "opinion_saved": {"name"},
    "roll_saved": {"at"},
    "roll_meanwhile": {"who", "at"},
}
MISSING = {field.missing for field in HOUSEHOLD_FIELDS if field.is_required}
# Refusals that redirect or show an error page instead of a sentence.
SHOWN_BY_ANOTHER_PAGE = {"not_logged_in", "another_account", "must_change", "not_there", "link_gone"}
SHOWN_BY_ANOTHER_PAGE |= {"payment_refused"}  # by one sentence a reason
FULL_OF_REFUSALS = ("", " a", " A" * 20, "Bonjour1", "Xenakis9")
SAID = {
    **SENTENCES,
    **{f"{status} advice": advice for status, (_, advice) in texts.ERRORS.items()},
    **{f"period {state}": sentence for state, sentence in texts.PERIOD.items()},
    "period on any day": texts.PERIOD_ON_ANY_DAY,
}
JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
ANNOUNCED = Periods(JUNE, (("evry-xenakis", EnrolmentPeriod(date(2027, 7, 1), date(2027, 7, 2))),))


def refusal_codes() -> set[str]:
    """List the codes of refusals, from all modules that declare some."""
    sources = (path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    return {code for source in sources for code in re.findall(r'^    code = "(\w+)"$', source, re.MULTILINE)}


def words_of_the_code(*folders: str) -> set[str]:
    """List all literal texts of the code, except in the two files of sentences."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return set().union(*(literals(path) for path in files if path.name not in {"texts.py", "sentences.py"}))


@cache
def literals(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def pages() -> dict[str, str]:
    """Render every static French page as a family reads it, and those with a period again for each kind of period."""
    periods_by_name = {"": Periods(), " announced": Periods(JUNE), " by site": ANNOUNCED}
    result = {
        page.key + when: page for when, periods in periods_by_name.items() for page in build(load_network(), periods)
    }
    in_french = {key: page for key, page in result.items() if "html" in page.content_type and "/langues" not in key}
    return {key: visible_text(page.body.decode()) for key, page in in_french.items()}


# Every sentence exists and is used.


def test_every_refusal_has_a_sentence_or_shows_another_page() -> None:
    assert refusal_codes() - SENTENCES.keys() == SHOWN_BY_ANOTHER_PAGE
    assert SHOWN_BY_ANOTHER_PAGE & SENTENCES.keys() == set()


def test_every_refusal_of_a_password_has_a_sentence() -> None:
    faults = {
        code
        for text in FULL_OF_REFUSALS
        for code in load_network().passwords.rule.violations(text, "xen1", "Evry - Xénakis")
    }

    assert faults == {code for code in SENTENCES if code.startswith("password_")} - {
        "password_mailed", "password_changed", "password_missing", "password_same",
    }  # fmt: skip


def test_every_code_that_the_code_names_has_a_sentence() -> None:
    """A code ends like those of `SENTENCES`: one without a sentence is a slip."""
    endings = ("_missing", "_malformed", "_wrong", "_differs", "_same")
    words = words_of_the_code("chalicelib", "agency")
    codes = {word for word in words if re.fullmatch("[a-z][a-z_]+", word) and word.endswith(endings)}

    assert codes - SENTENCES.keys() - OFFICE_SENTENCES.keys() == set()


def test_every_sentence_is_said_somewhere() -> None:
    assert SENTENCES.keys() - words_of_the_code("chalicelib") - MISSING == set()


def test_every_field_of_a_step_has_its_words_and_what_must_be_answered_a_sentence_that_asks_for_it() -> None:
    assert [field.attribute for field in (*HOUSEHOLD_FIELDS, *PUPIL_FIELDS)] == [
        attribute for attribute in FIELDS if not attribute.startswith("former_")
    ]
    assert MISSING - SENTENCES.keys() == set()
    columns = [words.column or words.title for words in FIELDS.values()]
    assert len(set(columns)) == len(columns)


def test_the_words_of_a_field_are_good_french_print() -> None:
    facts = dict.fromkeys(("image_rights", "rules", "pupil", "year"), "x")
    sentences = {word.format(**facts) for words in FIELDS.values() for word in words if word}

    assert {word: slips(word) for word in sentences if slips(word)} == {}
    assert [words.label for words in FIELDS.values() if not re.match("[A-ZÀÉ]", words.label)] == []
    assert [words.hint for words in FIELDS.values() if words.hint and not words.hint.endswith(".")] == []


def test_none_of_a_thing_is_singular_on_every_page() -> None:
    pages = [page for page in template_files("**/*.html") if page.parts[-2] != "letters"]  # these list some
    plural_at_zero = re.compile(r'(?:== 1 else|if [\w.|]+ != 1 else) "[^"]*s\b')

    assert [str(page) for page in pages if plural_at_zero.search(page.read_text("utf-8"))] == []


def test_a_code_without_a_sentence_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        texts.sentence("no_such_code")


def test_a_sentence_has_no_gap_left_once_its_facts_are_told() -> None:
    assert {code: gaps_of(sentence) for code, sentence in SENTENCES.items() if gaps_of(sentence)} == FACTS

    sentences = {code: texts.sentence(code, **dict.fromkeys(FACTS.get(code, ()), "9 h 05")) for code in SENTENCES}

    assert {code: words for code, words in sentences.items() if re.search("[{}]", words)} == {}
    assert {code: words.count("9 h 05") for code, words in sentences.items() if "9 h 05" in words} == {
        code: len(facts) for code, facts in FACTS.items()
    }


@pytest.mark.parametrize("code", FACTS)
def test_a_sentence_whose_fact_is_missing_is_an_error_and_not_a_gap(code: str) -> None:
    with pytest.raises(KeyError):
        texts.sentence(code)


BEFORE = "La réinscription 2027-2028 ouvrira le 1er juin 2027 et se terminera le 15 juin 2027 inclus."
DURING = "La réinscription 2027-2028 est ouverte jusqu'au 15 juin 2027 inclus."
AFTER = (
    "La réinscription 2027-2028 est terminée depuis le 15 juin 2027. "
    "Pour toute question, adressez-vous à l'administration de votre conservatoire."
)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2027-05-31T23:59:59+02:00", BEFORE),
        ("2027-06-01T00:00:00+02:00", DURING),
        ("2027-06-15T23:59:59+02:00", DURING),
        ("2027-06-16T00:00:00+02:00", AFTER),
        (None, "Réinscription 2027-2028 : du 1er juin 2027 au 15 juin 2027 inclus."),
    ],
)
def test_a_period_is_said_before_during_and_after_it_and_without_a_day(now: str | None, sentence: str) -> None:
    assert texts.period(JUNE, datetime.fromisoformat(now) if now else None) == sentence
    assert now is None or sentence in texts.period_states(JUNE).values()


def test_every_error_has_a_title_and_says_what_to_do() -> None:
    assert set(texts.ERRORS) == {400, 403, 404, 405, 413, 415, 429, 500, 503}
    for title, advice in texts.ERRORS.values():
        assert re.fullmatch(r"[A-ZÀÉ][^.!?]+", title)
        assert len(re.findall(r"[.] |[.]$", advice)) >= 2, "what happened, then what to do"


# French typography.


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("Rien à redire : « tout » va bien !", []),
        ("Deux  blancs.", ["a double blank"]),
        ("Non: pas ainsi.", ["no blank before : ; ? !"]),
        ("Un « guillemet seul.", ["« without »"]),
        ("Un »contraire«.", ["no blank inside « »", "« without »"]),
        ("Un « guillemet « double » .", ["a blank before . or ,", "« without »"]),
        ('Un "anglais"...', ["straight quotation marks", "three dots"]),
    ],
)
def test_the_proof_reader_sees_what_is_wrong(sentence: str, marks: list[str]) -> None:
    assert slips(sentence) == marks


def test_a_sentence_is_good_french_print() -> None:
    faults = {code: slips(sentence) for code, sentence in SAID.items()}

    assert {code: marks for code, marks in faults.items() if marks} == {}
    assert {code: sentence for code, sentence in SAID.items() if not re.match("[A-ZÀÉ]", sentence)} == {}
    assert {code: sentence for code, sentence in SAID.items() if sentence != sentence.strip()} == {}


def test_a_sentence_ends_with_a_full_stop_or_with_an_address_to_copy() -> None:
    assert {code: said for code, said in SAID.items() if not re.search(r"[.!?]$|@exemple\.fr$", said)} == {}


def test_a_page_is_good_french_print() -> None:
    assert {key: slips(words) for key, words in pages().items() if slips(words)} == {}


def test_a_page_says_nothing_in_english_and_nothing_unfinished() -> None:
    out_of_place = re.compile(r"(?i)\b(the|your|please|password|submit|home|error|todo|fixme|lorem|none|undefined)\b")

    assert {key: out_of_place.findall(words) for key, words in pages().items() if out_of_place.search(words)} == {}


# Days and hours, in Paris.


def utc(*parts: int) -> datetime:
    year, month, day, *rest = parts
    hour, minute, second = (*rest, 0, 0, 0)[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        pytest.param(utc(2026, 9, 1, 7, 5), "1er septembre 2026 à 9 h 05", id="summer, the first"),
        pytest.param(utc(2026, 9, 2, 7, 0), "2 septembre 2026 à 9 h 00", id="the second"),
        pytest.param(utc(2026, 9, 11, 7, 0), "11 septembre 2026 à 9 h 00", id="the eleventh is no first"),
        pytest.param(utc(2026, 12, 31, 22, 59), "31 décembre 2026 à 23 h 59", id="winter"),
        pytest.param(utc(2026, 12, 31, 23, 0), "1er janvier 2027 à 0 h 00", id="midnight in Paris"),
        pytest.param(utc(2026, 8, 31, 22, 0), "1er septembre 2026 à 0 h 00", id="midnight in Paris, in summer"),
        pytest.param(utc(2026, 3, 29, 0, 59), "29 mars 2026 à 1 h 59", id="before summer time"),
        pytest.param(utc(2026, 3, 29, 1, 0), "29 mars 2026 à 3 h 00", id="summer time begins"),
        pytest.param(utc(2026, 10, 25, 0, 59), "25 octobre 2026 à 2 h 59", id="before winter time"),
        pytest.param(utc(2026, 10, 25, 1, 0), "25 octobre 2026 à 2 h 00", id="winter time begins"),
        pytest.param(utc(2027, 2, 28, 12, 0), "28 février 2027 à 13 h 00", id="February"),
        pytest.param(utc(2027, 8, 15, 12, 0), "15 août 2027 à 14 h 00", id="August"),
    ],
)
def test_a_moment_is_said_as_in_paris(when: datetime, sentence: str) -> None:
    assert texts.day_and_hour(when) == sentence
    assert f"{texts.day(when)} à {texts.hour(when)}" == sentence


def test_months_have_their_names() -> None:
    assert [texts.day(utc(2026, month, 5)).split()[1] for month in range(1, 13)] == [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "1 Ko"),
        (1024, "1 Ko"),
        (870_400, "850 Ko"),
        (1024 * 1024 - 1, "1024 Ko"),
        (1024 * 1024, "1 Mo"),
        (1_258_292, "1,2 Mo"),
        (10 * 1024 * 1024, "10 Mo"),
    ],
)
def test_the_size_of_a_file_is_said_as_people_count(count: int, sentence: str) -> None:
    assert texts.size(count) == sentence


@pytest.mark.parametrize(
    ("now", "wait", "sentence"),
    [
        pytest.param(utc(2026, 9, 1, 7, 0), 60, "9 h 01", id="a whole minute"),
        pytest.param(utc(2026, 9, 1, 7, 0, 1), 60, "9 h 02", id="one second past it"),
        pytest.param(utc(2026, 9, 1, 7, 0, 59), 60, "9 h 02", id="one second before the next"),
        pytest.param(utc(2026, 9, 1, 21, 58), 60, "23 h 59", id="before midnight"),
        pytest.param(utc(2026, 9, 1, 21, 59), 60, "0 h 00, le 2 septembre 2026", id="at midnight"),
        pytest.param(utc(2026, 9, 1, 21, 58, 30), 60, "0 h 00, le 2 septembre 2026", id="rounded up to midnight"),
        pytest.param(utc(2026, 9, 1, 21, 55), 900, "0 h 10, le 2 septembre 2026", id="over midnight in Paris"),
        pytest.param(utc(2026, 9, 1, 23, 55), 900, "2 h 10", id="over midnight elsewhere"),
        pytest.param(utc(2026, 9, 1, 7, 0), 86400, "9 h 00, le 2 septembre 2026", id="tomorrow"),
        pytest.param(utc(2026, 8, 31, 7, 0), 86400, "9 h 00, le 1er septembre 2026", id="tomorrow is the first"),
        pytest.param(utc(2026, 10, 25, 0, 50), 900, "2 h 05", id="over the end of summer time"),
        pytest.param(utc(2026, 3, 29, 0, 50), 900, "3 h 05", id="over its beginning"),
    ],
)
def test_one_is_told_from_when_to_try_again(now: datetime, wait: int, sentence: str) -> None:
    assert texts.retry_at(now + timedelta(seconds=wait), now) == sentence


@given(st.integers(0, 365 * 86400), st.integers(1, 86400))
def test_who_tries_again_at_the_minute_told_is_looked_at_and_never_told_a_minute_more(start: int, wait: int) -> None:
    now = utc(2026, 1, 1) + timedelta(seconds=start)
    until = now + timedelta(seconds=wait)

    sentence = texts.retry_at(until, now)

    minute = until if until.second == 0 else until + timedelta(seconds=60 - until.second)
    assert sentence.startswith(texts.hour(minute))
    assert ("le " in sentence) is (texts.day(minute) != texts.day(now))
    assert not sentence.partition(", le ")[2] or sentence.endswith(texts.day(minute))


# The re-enrolment, as in pages and letters.


@pytest.mark.parametrize(
    ("course_wish", "sentence"),
    [
        (CourseWish("Hautbois", "keep"), "Hautbois : continue"),
        (CourseWish("Hautbois", "stop"), "Hautbois : arrête"),
        (CourseWish("Hautbois", "change", "Alto"), "Hautbois : change pour Alto"),
        (CourseWish("Hautbois", "change"), "Hautbois : change pour une discipline à choisir"),
        (
            CourseWish("Chant", "change", "Chant", ("mardi", "jeudi")),
            "Chant : continue, à un autre moment ; jours souhaités, dans l'ordre : mardi, jeudi",
        ),
    ],
)
def test_what_becomes_of_a_course_is_said_in_one_line(course_wish: CourseWish, sentence: str) -> None:
    assert wish(course_wish) == sentence
    assert slips(sentence) == []


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (CourseWish("Chant", "keep"), "Chant : continue (cette année : mardi 18 h)"),
        (None, "Chant : continue (cette année : mardi 18 h)"),
        (CourseWish("Chant", "stop"), "Chant : arrête"),
        (
            CourseWish("Chant", "change", "Alto", ("jeudi",)),
            "Chant : change pour Alto ; jours souhaités, dans l'ordre : jeudi",
        ),
    ],
)
def test_an_accepted_course_goes_on_at_the_day_and_hour_of_this_year(wish: CourseWish | None, sentence: str) -> None:
    assert accepted_course(Course("Chant", slot="mardi 18 h"), wish) == sentence
    assert accepted_course(Course("Chant"), wish) == sentence.removesuffix(" (cette année : mardi 18 h)")


@pytest.mark.parametrize("what", ["due", "change", "complete"])
def test_what_may_still_be_done_is_said_with_its_last_day(what: Literal["due", "change", "complete"]) -> None:
    last, over = (datetime.fromisoformat(f"2027-06-{day}+02:00") for day in ("15T23:59:59", "16T00:00:00"))

    sentence, late, unknown = (
        texts.until(what, period, now) for period, now in ((JUNE, last), (JUNE, over), (None, last))
    )

    assert "jusqu'au 15 juin 2027 inclus" in sentence
    assert "15 juin 2027" in late
    assert len({sentence, late, unknown}) == 3
    assert not re.search(r"\d", unknown)
    assert slips(sentence) + slips(late) + slips(unknown) == []


def test_answers_are_written_each_under_its_title() -> None:
    assert texts.answer_lines(WHOLE) == {
        "Coordonnées": "confirmées exactes",
        "Payeur": "Mme Rossignol",
        "En cas d'urgence": "M. Merle, 06 99 00 00 01",
        "Règlement": "accepté",
    }
    assert texts.answer_lines(CHANGES) == {"Droit à l'image": "non", "Remarque": "Plutôt après 17 h."}


def test_an_answer_that_must_still_come_is_told_and_one_that_may_be_left_out_is_not() -> None:
    assert texts.answer_lines(HouseholdAnswers()) == {
        "Coordonnées": "pas encore confirmées",
        "Payeur": "pas encore indiqué",
        "En cas d'urgence": "pas encore indiqué",
        "Règlement": "pas encore accepté",
    }
    assert texts.answer_lines(HouseholdAnswers(emergency_telephone="06 99 00 00 01"))["En cas d'urgence"] == (
        "06 99 00 00 01"
    )
    assert texts.answer_lines(PupilAnswers()) == {}


def test_a_number_is_spelt_to_be_read_aloud() -> None:
    assert texts.spell("R27-K4TN-8WCB") == "R~2~7 - K~4~T~N - 8~W~C~B".replace("~", "\N{NO-BREAK SPACE}")


def test_a_school_year_is_named_by_both_its_years() -> None:
    assert [texts.school_year(season) for season in ("2027", "2099")] == ["2027-2028", "2099-2100"]


# The guide's own words.


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        pytest.param("extranet", "Extranet du logiciel iMuse", id="1.3 title"),
        pytest.param("extranet", "Accès enseignant", id="1.3 first door"),
        pytest.param("extranet", "Accès usager", id="1.3 second door"),
        pytest.param("extranet", "Pré-inscription", id="1.3 third door"),
        pytest.param("extranet/usager", "Portail pour les usagers", id="1.4 title"),
        pytest.param("extranet/usager", "Connexion Site", id="1.4 form"),
        pytest.param("extranet/usager", "Identifiant Mot de passe Se connecter", id="1.4 fields and button"),
        pytest.param("extranet/usager", "Mot de passe perdu Aide - Accessibilité", id="1.4 links"),
        pytest.param("extranet/usager/mot-de-passe-perdu", "Mot de passe perdu Identifiant", id="1.5 title"),
        pytest.param(
            "extranet/usager/mot-de-passe-perdu", "Valider Retour Aide - Accessibilité", id="1.5 button, links"
        ),
    ],
)
def test_1_3_to_1_5_pages_say_what_the_guide_shows(key: str, sentence: str) -> None:
    assert sentence in pages()[key]


def test_1_5_there_is_no_site_to_choose_where_a_password_is_lost() -> None:
    item = next(page for page in build(load_network(), Periods()) if page.key == "extranet/usager/mot-de-passe-perdu")

    assert re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', item.body.decode()) == ["identifiant", "email"]


def test_2_3_the_list_offers_the_five_sites_in_their_order() -> None:
    stored_object = next(page for page in build(load_network(), Periods()) if page.key == "extranet/usager")

    assert re.findall(r'<option value="[^"]+">([^<]+)</option>', stored_object.body.decode()) == [
        "Bondoufle - Gounod",
        "Evry - Magnard",
        "Evry - Xénakis",
        "Ris Orangis - Messiaen",
        "Villabé - Yves Henry",
    ]


def test_1_6_and_2_7_the_boxes_say_the_guides_sentences() -> None:
    assert texts.sentence("password_mailed") == "Votre nouveau mot de passe vient d'être envoyé par mail."
    assert texts.sentence("password_changed") == "Votre mot de passe vient d'être modifié."


def test_1_6_the_box_information_is_shown_over_the_form(visitor: Visitor) -> None:
    page = visitor.post("/extranet/compte/mot-de-passe-perdu", {"identifiant": "xen1", "email": "r@example.org"}).text

    assert "Information Votre nouveau mot de passe vient d'être envoyé par mail." in visible_text(page)
    assert "Votre nouveau mot de passe vient d'être envoyé par mail." in page, "for who searches in its source"


TABS = "Accueil Famille Elèves Facturation Accessibilité Mot de passe Déconnexion"
WELCOME = "Bienvenue dans l'espace extranet Imuse du réseau des conservatoires."
RULE = (
    "* Le nouveau mot de passe doit avoir une longueur comprise entre 8 et 20 caractères, et doit contenir au moins "
    "une lettre majuscule, une lettre minuscule et un chiffre."
)


def test_2_5_home_welcomes_in_the_guides_words(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()

    page = visitor.get("/extranet/compte").text

    text = visible_text(page)
    for label in (link[1] for wing in WINGS for link in wing.links.get("family:pupils", ())):
        text = text if label in TABS else text.replace(f" {label} ", " ", 1)  # of a wing beyond the guide
    assert f"{TABS} Bonjour Famille Rossignol {WELCOME}" in text
    assert "<strong>Famille Rossignol</strong>" in page
    assert WELCOME in page


def test_2_6_and_2_7_the_form_shows_the_rule_and_then_the_box(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()

    form = visitor.get("/extranet/compte/mot-de-passe").text
    new = {"actuel": PASSWORD, "nouveau": "Merle7Moqueur", "confirmation": "Merle7Moqueur"}
    visitor.post("/extranet/compte/mot-de-passe", new)
    page = visitor.get("/extranet/compte/mot-de-passe").text

    assert RULE in form
    labels = (
        "Mot de passe actuel Saisir le nouveau mot de passe * Ressaisir le nouveau mot de passe * Enregistrer Annuler"
    )
    assert labels in visible_text(form)
    assert "Information" not in visible_text(form)
    assert "Information Votre mot de passe vient d'être modifié." in visible_text(page)


def behind_login(visitor: Visitor) -> Iterator[str]:
    for tab in ("", "/famille", "/eleves", "/facturation", "/accessibilite", "/mot-de-passe"):
        yield visitor.get(f"/extranet/compte{tab}").text


def test_pages_behind_login_are_good_french_print(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()

    assert [slips(visible_text(page)) for page in behind_login(visitor)] == [[]] * 6
