"""The stored keys of passkeys, current and former. `test_webauthn` has malformed authenticator data."""

from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from chalicelib.domain.identity.authenticator_data import is_signed


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


# RFC 7515, appendix A.3: its key, signed message and signature.
POINT = decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") + decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
MESSAGE = (
    b"eyJhbGciOiJFUzI1NiJ9."
    b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
HALVES = decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
DER = encode_dss_signature(int.from_bytes(HALVES[:32], "big"), int.from_bytes(HALVES[32:], "big"))


def test_a_key_stored_as_a_point_checks_the_signature_of_rfc_7515() -> None:
    assert is_signed(POINT, MESSAGE, DER)


@pytest.mark.parametrize(
    ("point", "signature"),
    [
        pytest.param(b"\1" * 64, DER, id="no point of the curve"),
        pytest.param(POINT, HALVES, id="the other spelling"),
        pytest.param(POINT, b"\x30\x06\x02\x01\0\x02\x01\0", id="zeros, which no key signs (CVE-2022-21449)"),
        pytest.param(POINT, b"\x30\x80\0\0", id="no length"),
        pytest.param(POINT, DER + b"\0", id="a byte after it"),
    ],
)
def test_what_does_not_fit_is_not_signed(point: bytes, signature: bytes) -> None:
    assert not is_signed(point, MESSAGE, signature)
