"""Files with personal data: whole or absent, for their owner only, even with concurrent writers."""

import stat
import threading
from pathlib import Path

import pytest

from agency.console.private_file import private_file, remove
from agency.console.sentences import sentence_of
from chalicelib.office.refusals import OfficeRefusal


def test_it_takes_its_place_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"of last week")

    with private_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"of last week"

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_stood_there_stays_where_writing_fails(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b"of last week")

    def write_half() -> None:
        with private_file(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        write_half()

    assert path.read_bytes() == b"of last week"
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


def test_of_two_that_write_at_once_one_is_there_whole(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    together = threading.Barrier(2)

    def write(content: bytes) -> None:
        with private_file(path) as file:
            together.wait(10)
            for _ in range(1000):
                file.write(content)

    threads = [threading.Thread(target=write, args=(content,)) for content in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert path.read_bytes() in {b"a" * 1000, b"b" * 1000}
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


def test_a_place_that_cannot_be_written_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OfficeRefusal) as refusal, private_file(tmp_path / "file" / "liste.csv"):
        pass
    assert str(tmp_path / "file" / "liste.csv") in sentence_of(refusal.value)

    with pytest.raises(OfficeRefusal):
        remove(tmp_path / "file" / "liste.csv")
    remove(tmp_path / "nothing" / "liste.csv")
