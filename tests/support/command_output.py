"""What a command printed or wrote, without its layout."""

import csv
import io


def tidy(said: str) -> list[str]:
    return [" ".join(line.split()) for line in said.splitlines()]


def cells(written: bytes) -> list[list[str]]:
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
