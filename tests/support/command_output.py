"""The output of a command, without its layout."""

import csv
import io


def tidy(output: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines()]


def cells(written: bytes) -> list[list[str]]:
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
