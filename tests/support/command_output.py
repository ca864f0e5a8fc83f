"""The output of a command, without its layout."""

import csv
import io


def tidy(output: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines()]


def cells(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
