"""The papers' references exist: links, files, modules, targets. The README is short."""

import re
from pathlib import Path

from tools.figures import ROOT, papers

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = {path: path.read_text(encoding="utf-8") for path in papers()}
OF_TODAY = {path: text for path, text in TEXTS.items() if path.parent.name != "decisions" and path.stem != "CHANGELOG"}
FOLDERS = ("agency", "chalicelib", "docs", "operations", "templates", "tests", "tools", r"\.chalice", r"\.ci")
PLACE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*")


def test_a_link_leads_to_a_file() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {link}"
        for path, text in TEXTS.items()
        for link in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
        if not (path.parent / link).exists()
    ]

    assert faults == []


def test_a_file_or_folder_that_is_named_is_there() -> None:
    """Decisions and the changelog describe their own time. `NAME` and `SUBJECT` are placeholders."""
    missing = [
        f"{path.relative_to(ROOT)}: {place}"
        for path, text in OF_TODAY.items()
        for place in re.findall(r"`([^`\s]+)`", text)
        if PLACE.fullmatch(place) and not re.search("NAME|SUBJECT", place) and not (ROOT / place).exists()
    ]

    assert missing == []


def test_a_page_on_how_it_stands_has_a_diagram_places_and_records() -> None:
    pages = {path.name: text for path, text in TEXTS.items() if path.parent == ROOT / "docs/how"}
    index = pages.pop("README.md")
    missing = [
        f"{name}: {place}"
        for name, text in pages.items()
        for place in re.findall(r"`([^`\s]+[/.][^`\s]+)`", text)
        if not (ROOT / place).exists()
    ]
    poor = [
        name
        for name, text in pages.items()
        if text.count("```mermaid") != 1
        or len(set(re.findall(r"\]\(\.\./decisions/(\d+)", text))) < 3
        or max(map(len, text.splitlines())) > 160
    ]

    assert missing == []
    assert poor == []
    assert sorted(re.findall(r"^- \[[^]]+\]\(([\w-]+\.md)\): ", index, re.MULTILINE)) == sorted(pages)


def test_a_module_that_is_to_be_run_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {module}"
        for path, text in OF_TODAY.items()
        for module in re.findall(r"-m ((?:tools|operations)[\w.]*\w)", text)
        if not is_module(ROOT.joinpath(*module.split(".")))
    ]

    assert missing == []


def is_module(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_a_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    missing = {
        f"{path.relative_to(ROOT)}: make {target}"
        for path, text in OF_TODAY.items()
        for target in re.findall(r"(?:`|\$ )make ([a-z0-9]+)", text)
        if target not in targets
    }

    assert missing == set()


def test_the_readme_names_each_subject_that_is_a_folder() -> None:
    _, _, after = README.partition("Subjects are folders")
    subjects = set(re.findall(r"`(\w+)`", after.partition("\n\n")[0]))

    rooms = (path for room in ("domain", "flows", "office") for path in (ROOT / "chalicelib" / room).iterdir())
    assert subjects == {path.name for path in rooms if (path / "__init__.py").exists()}


def test_the_readme_is_short_and_begins_with_what_to_type() -> None:
    commands = re.findall(r"^\$ (make \w+)", README, re.MULTILINE)

    assert len(README.split()) <= 450
    assert commands == ["make run", "make test"]
    assert README.index("make run") < README.index("```mermaid") < README.index("## Where to look")


def test_the_readme_s_pictures_are_light() -> None:
    pictures = re.findall(r"\]\((docs/images/[\w.]+)\)", README)

    assert len(pictures) == 7
    assert sum((ROOT / picture).stat().st_size for picture in pictures) < 400_000
