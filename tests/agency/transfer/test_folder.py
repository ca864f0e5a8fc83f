"""The format of an export: nothing of an item is lost, and equal items give equal lines."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agency.transfer.folder import ExportFolder, is_same, line_of

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
        written = ExportFolder(Path(folder)).write("x", [line_of({"Item": item})])

        assert written["lines"] == 1
        assert list(ExportFolder(Path(folder)).lines("x")) == [{"Item": item}]


@given(some("SS", TEXTS) | some("NS", NUMBERS) | some("BS", BYTES))
def test_a_set_has_no_order_and_all_its_elements(value: dict[str, list[Any]]) -> None:
    ((kind, content),) = value.items()

    assert is_same({"set": value}, {"set": {kind: content[::-1]}})
    assert not is_same({"set": value}, {"set": {kind: content[1:]}})


def test_a_line_is_as_aws_s_own_exports_write_it() -> None:
    item = {"site": {"S": "évry"}, "n": {"N": "12"}, "b": {"B": b"\x00\xff"}}

    assert line_of({"Item": item}).decode() == '{"Item":{"site":{"S":"évry"},"n":{"N":"12"},"b":{"B":"AP8="}}}\n'
