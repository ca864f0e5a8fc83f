"""The one decoder of base64url: every other spelling of the same bytes is refused, wherever text is decoded."""

import base64
from pathlib import Path

import chalicelib
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.seals import Seal
from tests.support.keys import key_ring

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# They read no text of a visitor, or text that is signed as it is spelt.
_ELSEWHERE = {"domain/identity/base64url.py", "domain/account/keys.py", "web/requests.py"}
_ELSEWHERE |= {"wings/payment/flows/pay.py"}  # an identifier in the address of a notification, which proves nothing


def other_spellings(text: str) -> set[str]:
    words = text + "=" * (-len(text) % 4)
    plain = base64.b64encode(base64.urlsafe_b64decode(words)).decode().rstrip("=")
    last = (f"{text[:-1]}{letter}" for letter in _ALPHABET)
    return {f"{text} ", f"{text}\n", f"{text[:2]} {text[2:]}", f"{text}====", words, plain, *last} - {text}


def test_bytes_have_one_spelling_in_links_and_cookies() -> None:
    seal, texts = Seal(key_ring("jobs", 1), "test"), list[str]()
    for length in range(9):
        token = seal.seal_text("é" * length)
        assert seal.open_text(token) == ("é" * length,)
        texts += filter(seal.open_text, other_spellings(token))
    for data in (b"\xfb\xff", b"clef", b"\xff" * 3):
        assert decode(encode(data)) == data
    assert texts == []


def test_text_is_decoded_in_one_place() -> None:
    folder = Path(chalicelib.__file__).parent
    decoding = (path for path in folder.rglob("*.py") if "b64decode" in path.read_text(encoding="utf-8"))
    assert {str(path.relative_to(folder)) for path in decoding} == _ELSEWHERE
