"""A CSV that French spreadsheets open: nothing in it is taken for a formula, but what we counted is a number."""

import io
from datetime import UTC, date, datetime

from chalicelib.office.csv_writer import write_csv


def test_rows_stand_under_their_headings_as_one_types_them() -> None:
    file = io.BytesIO()

    write_csv(file, ("Élève", "Né le"), [("=Zélie", date(2015, 3, 14)), (-2, datetime(2027, 6, 2, 18, 0, tzinfo=UTC))])

    assert file.getvalue().decode() == "\ufeffÉlève;Né le\r\n'=Zélie;14/03/2015\r\n-2;02/06/2027 18:00\r\n"
