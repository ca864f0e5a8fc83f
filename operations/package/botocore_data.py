"""botocore's data about AWS's services, reduced so that it loads faster."""

import gzip
import json
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

_KEPT: Final = "utils.pyc"  # botocore's handlers use it while they are registered
_EMPTY: Final = '"""Replaces the writers of documentation, which have an HTML parser of their own."""\n'
_DOCSTRINGS: Final = f"""{_EMPTY}

class _Docstring(str):
    def __new__(cls, *_given, **_named):
        return super().__new__(cls)


class ClientMethodDocstring(_Docstring): ...


class PaginatorDocstring(_Docstring): ...


class WaiterDocstring(_Docstring): ...
"""


def trim_docs(docs: Path) -> list[Path]:
    """Leave only the parts of a compiled `botocore/docs` that its handlers use. Returns the stub sources."""
    for file in [path for path in docs.rglob("*.pyc") if path != docs / _KEPT]:
        file.unlink()
    (docs / "bcdoc").rmdir()
    files = {docs / "__init__.py": _EMPTY, docs / "docstring.py": _DOCSTRINGS}
    for file, source in files.items():
        file.write_text(source, "utf-8")
    return list(files)


# folder: name in its endpoint
SERVICES: Final = {"dynamodb": "dynamodb", "lambda": "lambda", "s3": "s3", "sesv2": "email", "sqs": "sqs"}


_ACTION: Final = re.compile(r'"dynamodb:(\w+)"')


def trim(data: Path, policies: Path) -> None:
    """Remove unused services, documentation and operations that no policy allows.

    Operations only of DynamoDB, whose model every cold start reads, and where each operation has the name of its
    action, and of Lambda, of which the post uses one.
    """
    operations = {"dynamodb": allowed_operations(policies), "lambda": {"Invoke"}}
    for folder in [path for path in data.iterdir() if path.is_dir() and path.name not in SERVICES]:
        shutil.rmtree(folder)
    endpoints = json.loads((data / "endpoints.json").read_text("utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES.values() if name in services}
    _write(data / "endpoints.json", endpoints)
    for examples in data.rglob("examples-1.json*"):
        examples.unlink()
    for file in data.rglob("service-2.json.gz"):
        model = without_documentation(json.loads(gzip.decompress(file.read_bytes())))
        if names := operations.get(file.parents[1].name):
            model = with_operations(model, names)
        _write(file.with_suffix(""), model)
        file.unlink()


def allowed_operations(policies: Path) -> set[str]:
    """List the operations of DynamoDB that the policies of a folder name."""
    return {name for file in policies.glob("policy-*.json") for name in _ACTION.findall(file.read_text("utf-8"))}


def with_operations(model: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Keep some operations of a service's model, and the shapes that they need."""
    operations = {name: operation for name, operation in model["operations"].items() if name in names}
    shapes: dict[str, Any] = {}
    shape_names = set(_shapes_of(operations))
    while new := shape_names - shapes.keys():
        shapes |= {name: model["shapes"][name] for name in new}
        shape_names |= {name for shape in new for name in _shapes_of(shapes[shape])}
    return model | {
        "operations": operations,
        "shapes": {name: shapes[name] for name in model["shapes"] if name in shapes},
    }


def _shapes_of(content: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        name = content.get("shape")
        yield from [name] if isinstance(name, str) else []
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _shapes_of(part)


def without_documentation(content: Any) -> Any:  # noqa: ANN401 - any JSON
    """Drop the texts called `documentation`: a member of that name would be an object.

    Client context parameters stay whole (S3 has some): botocore fails without their documentation.
    """
    if isinstance(content, dict):
        return {
            name: value if name == "clientContextParams" else without_documentation(value)
            for name, value in content.items()
            if name != "documentation" or not isinstance(value, str)
        }
    if isinstance(content, list):
        return [without_documentation(part) for part in content]
    return content


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False), "utf-8")
