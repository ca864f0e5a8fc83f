"""Signatures ES256: the vector of RFC 7515, and what is none of ours."""

from base64 import urlsafe_b64decode

import pytest
from ecdsa.util import sigencode_der

from chalicelib.domain.staff.es256 import is_key, is_signed_in_der, is_signed_in_halves


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


# RFC 7515, appendix A.3: its key, what is signed, its signature.
POINT = decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") + decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
MESSAGE = (
    b"eyJhbGciOiJFUzI1NiJ9."
    b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
HALVES = decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
DER = sigencode_der(int.from_bytes(HALVES[:32], "big"), int.from_bytes(HALVES[32:], "big"), 0)


def test_the_signature_of_rfc_7515_is_right_in_both_spellings() -> None:
    assert is_signed_in_halves(POINT, MESSAGE, HALVES)
    assert is_signed_in_der(POINT, MESSAGE, DER)


@pytest.mark.parametrize(
    ("point", "message", "signature"),
    [
        pytest.param(POINT, MESSAGE + b".", HALVES, id="another message"),
        pytest.param(POINT, MESSAGE, HALVES[:-1] + b"\0", id="another signature"),
        pytest.param(POINT, MESSAGE, HALVES[:-1], id="cut"),
        pytest.param(POINT, MESSAGE, b"\0" * 64, id="zeros, which no key signs (CVE-2022-21449)"),
        pytest.param(POINT, MESSAGE, b"", id="empty"),
        pytest.param(POINT, MESSAGE, DER, id="the other spelling"),
        pytest.param(b"\1" * 64, MESSAGE, HALVES, id="no point of the curve"),
        pytest.param(b"", MESSAGE, HALVES, id="no key"),
    ],
)
def test_what_does_not_fit_is_refused(point: bytes, message: bytes, signature: bytes) -> None:
    assert not is_signed_in_halves(point, message, signature)
    assert not is_signed_in_der(point, message, signature) or signature == DER


@pytest.mark.parametrize(
    "signature", [b"\x30", b"\x30\x80\0\0", DER + b"\0", DER[:-1], b"\x30\x06\x02\x01\0\x02\x01\0"]
)
def test_what_is_no_der_is_refused(signature: bytes) -> None:
    assert not is_signed_in_der(POINT, MESSAGE, signature)


def test_a_key_is_a_point_of_the_curve() -> None:
    assert is_key(POINT)
    assert not any(map(is_key, (b"\1" * 64, b"\0" * 64, POINT[:-1], POINT + b"\0", b"")))
