"""The fonts: they show the names in French schools, and report the characters that they cannot show."""

import unicodedata

import pytest

from chalicelib.presentation.printing.fonts import BOLD, MONO, SANS, font, missing_characters

NAMES = {
    "French": "Cœur d'Églantine-Noël, L'Haÿ, ÇÀÙÏÜ « œ Œ Ÿ æ » 10 € – … n° 1",
    "Polish": "Łukasz Wiśniewski, Żółć, Gęślą jaźń",
    "Turkish": "Özgür Şahin, İnci Yağız ı",
    "Vietnamese": "Nguyễn Thị Hương, Đặng Quỳnh, Trần Ưu, Phạm Ngọc Ẩn",
    "Czech": "Dvořák, Růžička, Šťastný, Ďábel",
    "Hungarian": "Őri Erdős, Fűzfa",
    "Romanian": "Ștefan Țăranu, Brâncuși",
    "Lithuanian": "Žilvinas Čiurlionis ėįųū",
    "West African": "Ɓɛɔŋ Ɗ Ƙ Ẹni Ọlá Ṣadé",
    "Greek": "Γεώργιος Παπαδόπουλος",
    "Cyrillic": "Жуков Юлія Ґ",
    "Armenian": "Արամ Խաչատրյան",
    "Georgian": "გიორგი",
}


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("font", [SANS, BOLD])
def test_names_of_many_languages_are_shown(language: str, font: str) -> None:
    assert missing_characters(unicodedata.normalize("NFC", NAMES[language]), font) == ""


def test_identifiers_are_shown() -> None:
    assert missing_characters("ABCXYZ abcxyz 0123456789 -_./ éÉçœ", MONO) == ""


@pytest.mark.parametrize("name", [SANS, BOLD, MONO])
def test_the_embedded_widths_are_those_that_the_pdf_says(name: str) -> None:
    """PDF/UA-1, 7.21.5: a reader may place letters by either."""
    face = font(name).face

    widths = {code: face.hmetrics[glyph][0] * 1000 / face.unitsPerEm for code, glyph in face.charToGlyph.items()}

    assert widths == pytest.approx(face.charWidths)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        pytest.param("山田 Yamada 山", "山田", id="no glyph"),
        pytest.param("علي Ali", "علي", id="letters that join, from right to left"),
        pytest.param("דוד", "דו", id="from right to left"),
        pytest.param("M\u0304ori", "\u0304", id="a mark that no letter is composed with"),
        pytest.param("राम", "राम", id="Devanagari"),
        pytest.param("A🎻", "🎻", id="a picture"),
        pytest.param("A\u200bB", "\u200b", id="invisible"),
    ],
)
def test_what_would_be_boxes_or_wrong_is_told(name: str, missing: str) -> None:
    assert missing_characters(name, SANS) == missing
