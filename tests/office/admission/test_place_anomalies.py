"""The anomalies of places: each code has its sentence, with the column's name in the file."""

from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.admission.import_places import heading, sentence


def test_a_row_is_told_in_words_with_its_column() -> None:
    wrong = Anomaly("place_below_held", "error", 4, ("total", 1), None, {"held": "3", "left": "2"})

    assert sentence(wrong) == "3 places sont déjà proposées ou acceptées, et il n'en resterait que 2."
    assert heading(wrong.column, {("total", 1): "Capacité"}) == "Capacité"
    assert heading(wrong.column, {}) == "Places"
