"""`make figures`: write the counts of the papers and the index of decisions, lower the ceilings, print sizes.

The sizes are those of this tree or of the given folder. `--acts` adds the files that six acts run through (a minute). A
generated place stands between `<!-- made by make figures: NAME -->` and `<!-- end -->`.
"""

import argparse
import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from operations import prices
from tools import acts, dialect, year

_SPACE: Final = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}
_COMMAND: Final = re.compile(r"\bclef [a-z]|\bmake [a-z]|(?<!\w)--[a-z]|\bcommande\b")
_PRODUCT: Final = ("chalicelib", "agency", "operations", "tools")
_DAILY: Final = ("chalicelib/office", "chalicelib/web/office", "chalicelib/web/teacher", "agency")
_LONGEST: Final = 65
_COMMITS: Final = 100  # the latest ones
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A file of the tree, with its lines by kind."""

    path: Path
    tree: ast.Module
    lines: int
    code: int
    imports: int
    signatures: int


def _read(root: Path, path: Path) -> Module:
    """Read a module. A line of code holds more than a comment or a docstring."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {line for token in tokens if token.type not in _SPACE for line in range(token.start[0], token.end[0] + 1)}
    imports: set[int] = set()
    signatures: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | _Function) and ast.get_docstring(node) is not None:
            code -= _span(node.body[0])
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= _span(node)
        elif isinstance(node, _Function):
            signatures |= set(range(node.lineno, max(node.lineno + 1, node.body[0].lineno)))
    counts = (len(part) for part in (code, imports & code, signatures & code))
    return Module(path.relative_to(root), tree, len(text.splitlines()), *counts)


def _span(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _layer(path: Path) -> str:
    top, *inner = _in_layer(path).parent.parts or (path.stem,)
    return f"{top}/{inner[0]}" if top == "chalicelib" and inner else top


def _in_layer(path: Path) -> Path:
    """Put a module of a wing in its layer: « stores.py » of a wing too is in « chalicelib/stores »."""
    return Path(re.sub(r"^chalicelib/wings/\w+/(?!__init__)(?:(\w+)(?=\.py$))?", r"chalicelib/\1/", path.as_posix()))


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / max(whole, 1):.0%})"


def tables(root: Path) -> Iterator[str]:
    """Write the lines by layer, then the rows of house.md's first table that need no running service."""
    files = [path for folder in _PRODUCT for path in sorted((root / folder).rglob("*.py"))]
    modules = [_read(root, path) for path in [root / "app.py", *files]]
    yield from _layers(modules)
    yield ""
    yield from (f"{name:40}{count:>24}" for name, count in _rows(root, modules).items())


def _layers(modules: list[Module]) -> Iterator[str]:
    yield f"{'layer':28}{'modules':>9}{'lines':>9}{'code':>9}{'imports':>9}{'signatures':>12}"
    groups: dict[str, list[Module]] = {}
    for module in modules:
        groups.setdefault(_layer(module.path), []).append(module)
    for name, group in [*sorted(groups.items()), ("all", modules)]:
        lines, code = (sum(getattr(module, kind) for module in group) for kind in ("lines", "code"))
        parts = (sum(getattr(module, kind) for module in group) / max(code, 1) for kind in ("imports", "signatures"))
        yield "{:28}{:9,}{:9,}{:9,}{:9.0%}{:12.0%}".format(name, len(group), lines, code, *parts)


def _rows(root: Path, modules: list[Module]) -> dict[str, str]:
    code = sum(module.code for module in modules)
    daily = sum(module.code for module in modules if _in_layer(module.path).as_posix().startswith(_DAILY))
    paths = [module.path for module in modules if module.path.parts[0] == "chalicelib"]
    sentences = [text for module in modules if "sentences" in str(module.path) for text in _values(module.tree)]
    counts = dialect.measure(root).values()
    log = ["git", "-C", str(root), "log", f"-{_COMMITS}", "--no-merges", "--format=%s"]
    subjects = subprocess.run(log, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603 - ours
    return {
        "code lines of office, desk, command line": _share(daily, code),
        "modules of chalicelib": f"{len(paths):,}",
        "modules of its top level": f"{sum(str(path.parent) == 'chalicelib' for path in paths)}",
        "sentences that name a command": _share(sum(map(bool, map(_COMMAND.search, sentences))), len(sentences)),
        "calls of *_stores(…)": f"{sum(_store_calls(module.tree) for module in modules)}",
        "docstrings in dialect": _share(sum(count for count, _, _ in counts), sum(total for _, total, _ in counts)),
        "commit subjects over 65 characters": _share(sum(len(text) > _LONGEST for text in subjects), len(subjects)),
        "commit subjects in dialect": _share(sum(map(bool, map(dialect.offends, subjects))), len(subjects)),
    }


def _values(tree: ast.Module) -> Iterator[str]:
    """List the texts in a module's tables."""
    for table in ast.walk(tree):
        for value in table.values if isinstance(table, ast.Dict) else ():
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _store_calls(tree: ast.Module) -> int:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sum(getattr(name, "id", getattr(name, "attr", "")).endswith("_stores") for name in functions)


ROOT = Path(__file__).parents[1]
SUBJECTS = (
    *("The project and its code", "Accounts and passwords", "The family's pages and forms", "Documents and bills"),
    *("Mails and campaigns", "The office", "Data and its keeping", "The edge and AWS", "Deployment"),
    *("Package and speed", "Tests and tools"),
)
_PLACE = re.compile(r"(<!-- made by make figures: ([\w ]+) -->)(.*?)(<!-- end -->)", re.DOTALL)
_DECISION = re.compile(r"# (\d+)\. (.+)\n\n(\d{4}-\d\d-\d\d) · (.+) · (.+)\n\n")
_CODE = ("app.py", "chalicelib", "agency", "operations", "tools", "tests")


@dataclass(frozen=True)
class DecisionRecord:
    """A record of `docs/decisions`: its title and the line below."""

    file: str
    number: int
    title: str
    date: str
    subject: str
    status: str


def decisions() -> list[DecisionRecord]:
    """List the records by number. Raises `ValueError` for one without its title, date, subject or status."""
    return [_decision(path) for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]


def _decision(path: Path) -> DecisionRecord:
    head = _DECISION.match(path.read_text(encoding="utf-8"))
    if head is None or head[4] not in SUBJECTS:
        raise ValueError(f"{path.name}: expected « # N. TITLE », a blank line, « YYYY-MM-DD · SUBJECT · STATUS »")
    number, title, date, subject, status = head.groups()
    return DecisionRecord(path.name, int(number), title, date, subject, status)


def figures() -> dict[str, str]:
    """Make the text of each generated place, by its name."""
    stack = (ROOT / ".chalice/resources.yaml").read_text(encoding="utf-8")
    return {
        "index": "".join(_index()),
        **{
            name: "\n\n" + "\n".join(rows) + "\n\n"
            for name, rows in {
                "prices": _prices(),
                "the year": year.year(),
                "the idle month": year.idle(),
                "ways of calendars": year.calendars(),
            }.items()
        },
        "idle dollars": f"${year.idle_month():.2f}",
        "alarms": str(stack.count("Type: AWS::CloudWatch::Alarm\n")),
        "custom metrics": str(len(set(re.findall(r"MetricNamespace: \*ours, MetricName: (\w+)", stack)))),
    }


def _prices() -> Iterator[str]:
    """Lay out the prices and their sources for docs/deploy.md."""
    yield "| price | $ | each | free a month | checked at |"
    yield "|---|---:|---:|---:|---|"
    for price in prices.PRICES:
        free = f"{price.free:,.0f}" if price.free else ""
        yield f"| {price.unit} | {price.dollars:g} | {price.per:,} | {free} | {price.source} |"


def _index() -> Iterator[str]:
    for subject in SUBJECTS:
        yield f"\n\n## {subject}\n\n| | decision | date | status |\n|---:|---|---|---|"
        for record in decisions():
            if record.subject == subject:
                yield f"\n| {record.number} | [{record.title}]({record.file}) | {record.date} | {record.status} |"
    yield "\n\n"


def papers() -> list[Path]:
    """List the papers of the project."""
    folders = (ROOT, ROOT / "docs", ROOT / "docs/decisions", ROOT / "docs/how", ROOT / "tests")
    return [path for folder in folders for path in sorted(folder.glob("*.md"))]


def stale() -> dict[Path, str]:
    """Find the papers with an outdated place, each with its new text."""
    numbers = figures()
    texts = {path: path.read_text(encoding="utf-8") for path in papers()}
    fresh = {
        path: _PLACE.sub(lambda place: place[1] + numbers[place[2]] + place[4], text) for path, text in texts.items()
    }
    return {path: text for path, text in fresh.items() if text != texts[path]}


def _folders(root: Path) -> Iterator[tuple[str, list[Path]]]:
    for whole in _CODE:
        files = [root / whole] if whole.endswith(".py") else sorted((root / whole).rglob("*.py"))
        folders = sorted({path.parent for path in files})
        yield whole, files
        if len(folders) > 1:
            for folder in folders:
                yield f"  {folder.relative_to(root)}", [path for path in files if path.parent == folder]


def _sizes(name: str, files: list[Path]) -> str:
    """Write a line of the table. A module of one docstring is not counted."""
    texts = [path.read_text(encoding="utf-8") for path in files]
    trees = [tree for tree in map(ast.parse, texts) if len(tree.body) > 1]
    functions = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]
    tests = sum(node.name.startswith("test_") for node in functions)
    middle, tenth = (median(lengths), quantiles(lengths, n=10)[-1]) if len(lengths) > 1 else (0, 0)
    counts = (len(trees), sum(len(text.splitlines()) for text in texts), len(functions), tests)
    return f"{name:32}{''.join(f'{count:11,}' for count in counts)}{middle:8g}{tenth:6g}{max(lengths, default=0):6}"


def main() -> None:
    """Write the outdated papers, and print the tables of this tree or of the given folder."""
    parser = argparse.ArgumentParser(prog="make figures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--acts", action="store_true")
    arguments = parser.parse_args()
    print(f"{'folder':32}{'modules':>11}{'lines':>11}{'functions':>11}{'tests':>11}{'median':>8}{'p90':>6}{'max':>6}")
    for name, files in _folders(arguments.folder):
        print(_sizes(name, files))
    print("", *tables(arguments.folder), sep="\n")
    for line in acts.table(arguments.folder.resolve()) if arguments.acts else ():
        print(line)
    dialect.lower()
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
