"""The files of `.chalice`, and the parts that wings add to them. A mistake of syntax is one sentence with its line."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

from chalicelib.wings import ALL_WINGS
from operations.package.interpreter import PackageRefused

_PROJECT: Final = Path(__file__).parents[2]
CHALICE: Final = _PROJECT / ".chalice"
PART: Final = "resources.yaml"  # of the stack, and of a wing's folder
_STATEMENTS: Final = "Statements"  # of a wing's part, by policy. Its other keys are the template's


class _Loader(yaml.CSafeLoader):  # libyaml's, ten times faster
    """Reads the short forms of CloudFormation's functions, `!Ref` and the like, as their long ones."""


def _function(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any = node.value
    if isinstance(node, yaml.ScalarNode):
        value = value.split(".", 1) if name == "GetAtt" else value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


def read_template() -> dict[str, Any]:
    """Read the stack's resources with those of all wings. A deployment takes out the parts of wings left out."""
    template: dict[str, Any] = _read(CHALICE / PART)
    for part in map(_read, _parts()):
        template = _merge(template, {name: value for name, value in part.items() if name != _STATEMENTS})
    return template


def read_policy(name: str) -> dict[str, Any]:
    """Read the policy of a function with the statements of all wings."""
    policy: dict[str, Any] = json.loads((CHALICE / f"policy-{name}.json").read_text("utf-8"))
    parts = (_read(path).get(_STATEMENTS, {}).get(name, ()) for path in _parts())
    return policy | {"Statement": [*policy["Statement"], *(statement for part in parts for statement in part)]}


def add_parts(chalice: Path) -> None:
    """Add the parts of wings to the template and the policies of a copy of `.chalice`."""
    for path in chalice.glob("policy-*.json"):
        path.write_text(json.dumps(read_policy(path.stem.removeprefix("policy-"))), "utf-8")
    (chalice / PART).write_text(json.dumps(read_template()), "utf-8")  # JSON is YAML


def check(folder: Path = CHALICE) -> None:
    """Read the template and its parts, Chalice's settings and the policies. Raises `PackageRefused`."""
    for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*.json")), *_parts()):
        text, place = path.read_text("utf-8"), path.relative_to(folder.parent if path.parent == folder else _PROJECT)
        try:
            if path.suffix == ".json":
                json.loads(text)
            else:
                yaml.compose(text, yaml.CSafeLoader)
        except json.JSONDecodeError as error:
            raise PackageRefused(f"{place}, line {error.lineno}: {error.msg}.") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f", line {mark.line + 1}" if mark else ""
            raise PackageRefused(f"{place}{line}: {error.problem}.") from None


def _parts() -> list[Path]:
    paths = (_PROJECT / "chalicelib" / "wings" / wing.name / PART for wing in ALL_WINGS)
    return [path for path in paths if path.exists()]


def _read(path: Path) -> Any:  # noqa: ANN401 - a template
    return yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a safe loader, with tags of its own


def _merge(whole: Any, part: Any) -> Any:  # noqa: ANN401 - a template's
    """Add a part: a mapping gets its entries, a list its elements. It replaces nothing."""
    match whole, part:
        case dict(), dict():
            return whole | {key: _merge(whole[key], value) if key in whole else value for key, value in part.items()}
        case list(), list():
            return [*whole, *part]
    raise PackageRefused(f"The part of a wing would change {whole} of the template to {part}.")
