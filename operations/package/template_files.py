"""The files of `.chalice`, read before Chalice does: a mistake of syntax is one sentence with its line."""

import json
from pathlib import Path

import yaml

from operations.package.interpreter import PackageRefused


def check(folder: Path) -> None:
    """Read the template, Chalice's settings and the policies. Raises `PackageRefused`."""
    for path in sorted(folder.glob("*.yaml")) + sorted(folder.glob("*.json")):
        text = path.read_text("utf-8")
        try:
            if path.suffix == ".json":
                json.loads(text)
            else:
                yaml.compose(text, yaml.CSafeLoader)  # by libyaml, ten times faster
        except json.JSONDecodeError as error:
            raise PackageRefused(f".chalice/{path.name}, line {error.lineno}: {error.msg}.") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f", line {mark.line + 1}" if mark else ""
            raise PackageRefused(f".chalice/{path.name}{line}: {error.problem}.") from None
