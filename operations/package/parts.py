"""The two zips of one tree: the families' functions get a part of the office's."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from jinja2 import ModuleLoader

from chalicelib.presentation.rendering import COMPILED, environment

FAMILY: Final = "family.zip"
OFFICE: Final = "office.zip"
NETWORK: Final = "network.zip"  # a layer of all functions
ZIPS: Final = {  # by function
    **dict.fromkeys(("APIHandler", "Applicant", "Bounces"), FAMILY),
    **dict.fromkeys(("Calendars", "Desk", "DeskJobs", "Offers", "Post", "Rolls", "SignIn"), OFFICE),
}
# Modules that no function of the families imports, not even lazily: a contract of pyproject.toml checks it. A module of
# a wing is one of its layer.
OF_OFFICE: Final = (
    *(
        "chalicelib.web.office",
        "chalicelib.web.teacher",
        "chalicelib.web.functions.teaching",
        "chalicelib.web.functions.desk",
        "chalicelib.web.functions.sign_in",
        "chalicelib.web.login_methods",
        "chalicelib.infra.identity_provider",
    ),
    *("chalicelib.office", "chalicelib.presentation.office", "chalicelib.domain.identity", "chalicelib.domain.roster"),
    *("chalicelib.domain.account.login_codes", "chalicelib.flows.identity", "chalicelib.flows.login_methods"),
    *("chalicelib.flows.staff", "chalicelib.flows.teacher"),
    *(f"chalicelib.work.{job}" for job in ("admission", "long_jobs", "post", "teaching")),
)
_TEMPLATES_OF_OFFICE: Final = ("family/login_methods/", "letters/", "office/", "teacher/")  # the post renders letters


def in_layer(module: str) -> str:
    """Name a wing's module as one of its layer: `chalicelib.wings.NAME.web.office` as `chalicelib.web.office.NAME`."""
    return re.sub(r"^chalicelib\.wings\.(\w+)\.(.+)", r"chalicelib.\2.\1", module)


def top_names(folder: Path) -> set[str]:
    """List the names in a folder without suffixes, since a compiled module has another one."""
    return {_stem(path.name) for path in folder.iterdir()}


def of_family(names: Iterable[str], office_libraries: Collection[str]) -> Iterator[str]:
    """Filter the office's own modules, templates and libraries out of the file names of the whole tree."""
    templates = {
        f"{COMPILED.name}/{ModuleLoader.get_module_filename(name)}c"
        for name in environment().list_templates(["html", "txt"])
        if name.startswith(_TEMPLATES_OF_OFFICE)
    }
    for name in names:
        if name not in templates and _stem(name.partition("/")[0]) not in office_libraries and not _is_of_office(name):
            yield name


def _is_of_office(name: str) -> bool:
    module = in_layer(_stem(name.replace("__pycache__/", "")).replace("/", "."))
    return any(f"{module}.".startswith(f"{part}.") for part in OF_OFFICE)


def _stem(name: str) -> str:
    return name.partition(".")[0]
