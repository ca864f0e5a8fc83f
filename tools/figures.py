"""`make figures`: write the counts of the papers and the index of decisions, lower the ceilings, print sizes.

The sizes are those of this tree or of the given folder. `--acts` adds the files that six acts run through (a minute). A
generated place stands between `<!-- made by make figures: NAME -->` and `<!-- end -->`.
"""

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tools import acts, dialect, house

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
        "alarms": str(stack.count("Type: AWS::CloudWatch::Alarm\n")),
        "custom metrics": str(len(set(re.findall(r"MetricNamespace: \*ours, MetricName: (\w+)", stack)))),
    }


def _index() -> Iterator[str]:
    for subject in SUBJECTS:
        yield f"\n\n## {subject}\n\n| | decision | date | status |\n|---:|---|---|---|"
        for record in decisions():
            if record.subject == subject:
                yield f"\n| {record.number} | [{record.title}]({record.file}) | {record.date} | {record.status} |"
    yield "\n\n"


def papers() -> list[Path]:
    """List the papers of the project."""
    folders = (ROOT, ROOT / "docs", ROOT / "docs/decisions", ROOT / "tests")
    return [path for folder in folders for path in sorted(folder.glob("*.md"))]


def stale() -> dict[Path, str]:
    """Find the papers with an outdated place, each with its new text."""
    made = figures()
    texts = {path: path.read_text(encoding="utf-8") for path in papers()}
    fresh = {path: _PLACE.sub(lambda place: place[1] + made[place[2]] + place[4], text) for path, text in texts.items()}
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
    print("", *house.tables(arguments.folder), sep="\n")
    for line in acts.table(arguments.folder.resolve()) if arguments.acts else ():
        print(line)
    dialect.lower()
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
