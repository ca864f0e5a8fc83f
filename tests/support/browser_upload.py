"""Sends a file as a browser does with a page's signed form: to the bucket, whose answer redirects."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlsplit

PDF: Final = b"%PDF-1.7 a certificate"
JPEG: Final = b"\xff\xd8\xff\xe0 a photograph"
PNG: Final = b"\x89PNG\r\n\x1a\n a picture"
HEIC: Final = b"\0\0\0\x24ftypheic\0\0\0\0 a telephone's own photograph"
WORD: Final = b"PK\x03\x04 a document of a word processor"
_BOUNDARY: Final = "----clef7MA4YWxkTrZu0gW"  # werkzeug's own encoder sends an empty file unlike any browser


@dataclass(frozen=True)
class SignedForm:
    """A form of a page: its address and hidden fields."""

    address: str
    fields: Mapping[str, str]

    @property
    def slot(self) -> tuple[str, str]:
        """The document's code and owner, from its key."""
        _, code, owner, _ = self.fields["key"].rsplit("/", 3)
        return code, owner


@dataclass(frozen=True)
class UploadAnswer:
    """The bucket's answer."""

    status: int
    location: str


def signed_forms(page: str) -> list[SignedForm]:
    """Read the upload forms of a page."""
    forms = re.findall(r'(?s)<form class="upload"[^>]* action="([^"]+)"(.*?)</form>', page)
    return [SignedForm(unescape(address), _hidden(inside)) for address, inside in forms]


def _hidden(inside: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inside)
    return {name: unescape(value) for name, value in pairs}


def upload(form: SignedForm, content: bytes, file_name: str = "certificat de Zélie.pdf") -> UploadAnswer:
    """Upload a file by a form."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in form.fields.items()]
    head = (
        f'Content-Disposition: form-data; name="file"; filename="{file_name}"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    before = "".join(f"--{_BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{_BOUNDARY}\r\n{head}"
    body = before.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    address = urlsplit(form.address)
    line = http.client.HTTPConnection(address.netloc, timeout=20)
    try:
        line.request("POST", address.path, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})
        answer = line.getresponse()
        answer.read()
        return UploadAnswer(answer.status, answer.headers.get("Location", ""))
    finally:
        line.close()
