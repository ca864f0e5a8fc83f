"""A file that was handed in: read as any other, and gone afterwards."""

import pytest

from chalicelib.office.files.open_file import open_file, received
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import load_network
from tests.support.refusals import sentence_of


def test_a_sentence_names_it_as_the_file_that_was_handed_in() -> None:
    with received(b"") as path, pytest.raises(OfficeRefusal) as refusal:
        open_file(path, load_network())

    assert sentence_of(refusal.value) == "Le fichier déposé est vide : exportez-le à nouveau."


def test_it_is_gone_even_where_reading_it_failed() -> None:
    with pytest.raises(ZeroDivisionError), received(b"Site") as path:
        _ = 1 / len(path.read_bytes().removeprefix(b"Site"))

    assert not path.parent.exists()
