"""Values: `@frozen` makes the same class as `@dataclass(frozen=True)`."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any, ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError

from chalicelib.values import frozen

BOTH = pytest.mark.parametrize("make", [frozen, dataclass(frozen=True)], ids=["frozen", "dataclass"])


def point(make: Callable[..., Any]) -> Any:
    class Point:
        """A place."""

        kind: ClassVar[str] = "point"
        x: int
        y: int = 0
        marks: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="", repr=False)
        name: str = field(default="", kw_only=True)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("x")

    return make(Point)


@BOTH
def test_it_is_made_by_place_by_name_and_by_default(make: Callable[..., Any]) -> None:
    value = point(make)(1, secret="s", name="home")

    assert (value.x, value.y, value.marks, value.secret, value.name, value.kind) == (1, 0, [], "s", "home", "point")
    assert point(make)(1).marks is not point(make)(1).marks
    assert repr(value).endswith("Point(x=1, y=0, marks=[], name='home')")


@BOTH
@pytest.mark.parametrize(
    ("arguments", "keywords"), [((), {}), ((1,), {"x": 2}), ((1, 2, [], "s", "home"), {}), ((1,), {"z": 3})]
)
def test_it_refuses_what_is_lacking_given_twice_or_unknown(
    make: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        point(make)(*arguments, **keywords)


@BOTH
def test_it_keeps_its_rule(make: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="x"):
        replace(point(make)(1), x=-1)


@BOTH
def test_it_is_what_it_holds(make: Callable[..., Any]) -> None:
    kind = point(make)

    assert kind(1, 2) == kind(1, 2, ["a mark"])
    assert hash(kind(1, 2)) == hash(kind(1, 2, ["a mark"]))
    assert kind(1, 2) not in (kind(1, 3), point(make)(1, 2), (1, 2))
    assert replace(kind(1), y=5) == kind(1, 5)
    assert asdict(kind(1)) == {"x": 1, "y": 0, "marks": [], "secret": "", "name": ""}
    assert [about.name for about in fields(kind)] == ["x", "y", "marks", "secret", "name"]


@BOTH
def test_it_never_changes(make: Callable[..., Any]) -> None:
    value = point(make)(1)

    with pytest.raises(FrozenInstanceError):
        value.x = 2
    with pytest.raises(FrozenInstanceError):
        del value.x
    assert value.x == 1


@BOTH
def test_what_it_says_of_itself_stays(make: Callable[..., Any]) -> None:
    class Said:
        """A class with its own representation."""

        word: str

        def __repr__(self) -> str:
            return "as I say"

    assert repr(make(Said)("x")) == "as I say"


def test_what_extends_it_has_its_fields_first() -> None:
    @frozen(kw_only=True)
    class Base:
        """A value with a number."""

        number: int

    @frozen(kw_only=True)
    class More(Base):
        """A value with a word too."""

        word: str = "x"

    assert repr(More(number=1)).endswith("More(number=1, word='x')")


def test_pydantic_checks_it() -> None:
    adapter = TypeAdapter(point(frozen))

    assert adapter.validate_python({"x": 1, "name": "home"}).name == "home"
    for wrong in ({"x": "one"}, {"x": -1}, {}):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)
