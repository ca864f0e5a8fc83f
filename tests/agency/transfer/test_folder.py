"""The format of an export: nothing of an item is lost, and equal items give equal lines."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agency.transfer.folder import ExportFolder, is_same, line_of
from chalicelib.office.refusals import OfficeRefusal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers(-(10**37), 10**37).map(str) | st.sampled_from(["1.5", "-0.000001", "1E+20"])
BYTES = st.binary(max_size=8)


def some(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(values, min_size=1, max_size=4, unique=True).map(lambda content: {kind: content})


PLAIN = st.one_of(
    *(st.builds(lambda text: {"S": text}, TEXTS), st.builds(lambda number: {"N": number}, NUMBERS)),
    *(st.builds(lambda content: {"B": content}, BYTES), st.booleans().map(lambda value: {"BOOL": value})),
    *(st.just({"NULL": True}), some("SS", TEXTS), some("NS", NUMBERS), some("BS", BYTES)),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda content: {"L": content}),
        st.dictionaries(TEXTS, inner, max_size=4).map(lambda content: {"M": content}),
    ),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_an_item_is_one_line_and_comes_back_whole(item: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        assert ExportFolder(Path(folder)).write("x", [line_of({"Item": item})])["lines"] == 1
        assert list(ExportFolder(Path(folder)).lines("x")) == [{"Item": item}]


@given(some("SS", TEXTS) | some("NS", NUMBERS) | some("BS", BYTES))
def test_a_set_has_no_order_and_all_its_elements(value: dict[str, list[Any]]) -> None:
    ((kind, content),) = value.items()

    assert is_same({"set": value}, {"set": {kind: content[::-1]}})
    assert not is_same({"set": value}, {"set": {kind: content[1:]}})


def test_a_manifest_of_another_form_is_refused(tmp_path: Path) -> None:
    manifest = {"format": 1, "id": "1", "stage": "local", "sites": [], "keys": {"record": "", "versions": {}}}
    manifest |= {"ended_at": "2027-06-01", "files": {"objects.jsonl": {"lines": 0, "sha256": ""}}}
    lacking = [{name: part for name, part in manifest.items() if name != left} for left in manifest]
    objects = "objects.jsonl"
    files: list[Any] = [[], {}, {objects: 3}, {objects: {"lines": "1", "sha256": ""}}]
    rest = [*({"files": other} for other in files), *({"keys": {}}, {"sites": "x"}, {"ended_at": 3})]
    forms = [b"[]", b"3", b"null", b'"x"', b"{}", b"\xff", *(json.dumps(part).encode() for part in lacking)]
    wrong: list[tuple[bytes, str]] = []

    for form in (*forms, *(json.dumps(manifest | other).encode() for other in rest)):
        (tmp_path / "manifest.json").write_bytes(form)
        try:
            ExportFolder(tmp_path).read_complete()
            wrong.append((form, "read"))
        except OfficeRefusal as refusal:
            wrong += [] if refusal.code == "export_damaged" else [(form, refusal.code)]

    assert wrong == []
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert ExportFolder(tmp_path).read_complete() == manifest


def test_a_line_is_as_aws_s_own_exports_write_it() -> None:
    item = {"site": {"S": "évry"}, "n": {"N": "12"}, "b": {"B": b"\x00\xff"}}

    assert line_of({"Item": item}).decode() == '{"Item":{"site":{"S":"évry"},"n":{"N":"12"},"b":{"B":"AP8="}}}\n'
