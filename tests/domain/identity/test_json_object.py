"""An untrusted JSON object, accepted only if plain."""

import pytest

from chalicelib.domain.identity.json_object import json_object


@pytest.mark.parametrize(
    "text", [b"[]", b'"x"', b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff", b"[" * 100_000, b""], ids=range(7)
)
def test_what_is_no_plain_object_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_object(text)
