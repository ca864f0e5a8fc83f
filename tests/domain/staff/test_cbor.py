"""Where an item of CBOR ends: as another library writes it, and nowhere where it is not in canonical form."""

from typing import Any

import pytest
from fido2 import cbor

from chalicelib.domain.staff.cbor import end_of_item

NUMBERS = [0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1]


@pytest.mark.parametrize(
    "told",
    [
        *NUMBERS,
        *(-1 - number for number in NUMBERS),
        *(True, False),
        *(b"", b"x" * 23, b"x" * 24, b"x" * 256, "clé", "é" * 40),
        *([], [1, [2, [3, [4]]]], {}, {1: 2, 3: -7, -1: 1, "a": {"b": [b"c"]}, "bb": 1, False: 0}),
    ],
    ids=repr,
)
def test_an_item_ends_where_it_was_written_to_end(told: Any) -> None:
    written = cbor.encode(told)

    assert end_of_item(b"?" + written + b"?", 1) == 1 + len(written)


@pytest.mark.parametrize(
    "odd",
    [
        *("", "18", "1801", "1817", "190001", "19", "1a00000001", "1b0000000000000001", "1c", "1f", "3801"),
        *("41", "5801", "5f41ff", "61ff", "7f6161ff", "81", "8201", "9f01ff", "a1", "a101", "bf0102ff"),
        *("a201020102", "a202010102", "a2616102 0102", "a262616101616201", "c000", "f0", "f7", "f818", "f93c00", "ff"),
        *("8181818181", "818181818100", "a101a101a101a101a10101"),
    ],
)
def test_what_is_cut_short_or_could_be_written_otherwise_is_no_item(odd: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        end_of_item(bytes.fromhex(odd), 0)
