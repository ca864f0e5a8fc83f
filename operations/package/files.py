"""The two files of a package: a zip without dates or owners, a template for Lambda's Python, without aliases."""

import json
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from operations.runtime import RUNTIME

TEMPLATE = "sam.yaml"
ZIP = "deployment.zip"

_OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can say
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3
_SMALLEST = 9  # zlib's level
# Which function answers which paths, and below; Chalice has them all answered by one (docs/decisions/0059).
VISITORS: Final = {
    "/extranet/pre-inscription": "Admissions",
    "/extranet/bureau": "Desk",
    "/extranet/enseignant": "Desk",
}
_EVERYBODY: Final = "APIHandler"


def zip_folder(task: Path, file: Path) -> None:
    """Zip a folder in the order of names, without dates or owners."""
    names = sorted(path.relative_to(task).as_posix() for path in task.rglob("*") if path.is_file())
    with ZipFile(file, "w") as made:
        for name in names:
            entry = ZipInfo(name, _OLDEST_DATE)
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            made.writestr(entry, (task / name).read_bytes(), ZIP_DEFLATED, _SMALLEST)


def for_lambda(template: str) -> str:
    """Write the template without YAML's aliases, which CloudFormation refuses, and each function on our Python."""
    read = json.loads(json.dumps(yaml.safe_load(template)))  # a value that stands twice is then two
    for resource in read["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = RUNTIME
    route_visitors(read)
    return yaml.safe_dump(read, allow_unicode=True, width=120)


def route_visitors(template: dict[str, Any]) -> None:
    """Have each kind of visitor's paths answered by its own function."""
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    for path, methods in paths.items():
        for beginning, function in VISITORS.items():
            if f"{path}/".startswith(f"{beginning}/"):
                paths[path] = json.loads(json.dumps(methods).replace(f"${{{_EVERYBODY}.", f"${{{function}."))
