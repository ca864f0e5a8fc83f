"""Folded spellings: headings, sites and names compared by their letters."""

import pytest

from chalicelib.domain.text import fold, letters_of


@pytest.mark.parametrize("heading", ["E-mail 1", "e mail 1", "É-MAIL  1", "ｅ‐mail１", "  E-Mail (1) "])
def test_spellings_of_a_heading_fold_to_one(heading: str) -> None:
    assert fold(heading) in {"e mail 1", "e mail1"}


def test_a_site_is_the_same_by_its_code_and_by_its_name() -> None:
    assert fold("evry-xenakis") == fold("Évry – XÉNAKIS") == "evry xenakis"
    assert fold("Chœur") == fold("CHOEUR")


@pytest.mark.parametrize(
    ("text", "words"),
    [("Élodie Le Goff", "elodielegoff"), ("ŒUVRÉ", "oeuvre"), ("O'Brien-Łódź", "obrienlodz"), ("ﬁn ²", "fin2")],
)
def test_a_text_is_reduced_to_what_one_hears(text: str, words: str) -> None:
    assert letters_of(text) == words
