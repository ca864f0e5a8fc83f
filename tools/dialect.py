"""`make check`: docstrings, names and papers that one reads twice, against each folder's ceiling in `dialect.toml`.

`python -m tools.dialect [FOLDER…] --list` shows each of them, `--write` sets the ceilings once folders have moved.
A folder without a ceiling may have none. Values have ceilings by top folder. `make figures` lowers the
ceilings, and never raises one.
"""

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("chalicelib", "agency", "operations", "tools", "tests", "docs")
_GUIDES = ("deploy", "performance", "runbook", "scale")
_HOW = (f"docs/how/{path.name}" for path in sorted((ROOT / "docs/how").glob("*.md")))
_PAPERS = ("CONTRIBUTING.md", "tests/README.md", *(f"docs/{name}.md" for name in _GUIDES), *_HOW)
_CEILINGS = Path(__file__).with_name("dialect.toml")
_HEAD = "# The offences that a folder may still have (tools/dialect.py). They only fall: `make figures` lowers them.\n"
_QUOTED = re.compile(r"`[^`]*`|«[^»]*»|https?://\S+|&\w+;")
_IN_PAPERS = re.compile(r"\]\([^)]*\)|;|^filter .*")  # targets of links, semicolons, queries
# A noun before « who » makes it a plain relative clause.
_BEFORE_WHO = (
    r"(?:add|ask|count|describe|find|give|greet|keep|know|leave|list|name|note|read|refuse|save|say|see|send|show|store"
    r"|take|teach|write)s?|again|as|and|at|besides|but|by|for|from|in|is|not|of|on|or|out|than|that|then|to|up|whether"
    r"|where|with"
)
_DIALECT = re.compile(
    rf"\b(?:what|whatever|whoever|whomever|that which)\b|(?:^|[.:]|\b(?:{_BEFORE_WHO}))\s*\bwhom?\b|;"
    r"|\b(?:applicant|candidate|colleague|guardian|member|pupil|teacher|visitor) (?:and|by|has|in|keeps|to|with) its\b"
    r"|\b(?:told|tells?|telling|nobody|somebody|anybody|anew|no more(?! than)|meanwhile|lacks?)\b",
    re.IGNORECASE,
)
_NOUNS = "billing feed hashing need packaging printing rendering seed setting speed string teaching timing wiring"
_PARTICIPLE = re.compile(
    rf"(?!(?:.*_)?(?:{_NOUNS.replace(' ', '|')})$)"
    r"(?:.*_)?(?:words|[a-z]{3,}(?:ing|ed)(?:_(?:first|once|in|out|over|up))?)"
)
_VALUES = "values of "
_OF_A_COMMAND = "\n\nExemple : clef "
_PRONOUNS = (
    "all another any both each everyone it its mine most one others? ours own several some such that theirs them these"
    " they this those what which who"
)
# Those that no ending shows. « run », « set », « cut », « split », « hit », « cast » and « lead » are nouns as well.
_IRREGULAR = (
    "begun bent borne bought broken brought built chosen come done drawn driven fallen felt forgotten found given gone"
    " heard held hidden kept known left lent lost made meant met overtaken paid proven read said seen sent shown sold"
    " spent spoken stolen struck sworn taken taught told understood withdrawn worn written"
)
_BARE = re.compile(  # « expected » is the idiom of tests
    rf"_?(?:{'|'.join((_PRONOUNS + ' ' + _IRREGULAR).split())}|(?!(?:expected|hundred|shed)$)[a-z]{{2,}}[^e_]ed)_?"
)


def offends(text: str) -> str:
    """Find the first dialect words of a text, without quotations and code. Empty if it is plain."""
    match = _DIALECT.search(_QUOTED.sub("", text))
    return " ".join(match[0].split()) if match else ""


def docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List the docstrings of a module, each with its line. A command's own is its help, in French."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            (text := ast.get_docstring(node)) and _OF_A_COMMAND not in text
        ):
            yield node.body[0].lineno, text


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Find the dialect name of a module, with its line."""
    stem = (path.parent if path.stem == "__init__" else path).stem.removeprefix("test_")
    if _PARTICIPLE.fullmatch(stem):
        yield 1, f"module {stem}"


def values(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List the values of a module that a bare participle or pronoun names, each with its line.

    A value is a variable, parameter, field or property. A variable of a comprehension or lambda on one line may have
    any name, since its whole scope is in sight.
    """
    short = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    parts = [part for part in ast.walk(tree) if isinstance(part, short) and part.lineno == part.end_lineno]
    is_side = any(isinstance(node, ast.Name) and node.id.strip("_") in {"right", "top"} for node in ast.walk(tree))
    placeholders = {id(node) for part in parts for node in ast.walk(part)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                pass
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                pass
            case ast.FunctionDef(name=name, decorator_list=[ast.Name(id="property" | "cached_property"), *_]):
                pass
            case _:
                continue
        is_noun = name == "other" and isinstance(node, ast.arg)  # as in `__eq__`
        is_noun |= name.strip("_") == "left" and is_side
        if _BARE.fullmatch(name) and id(node) not in placeholders and not is_noun:
            yield node.lineno, f"value {name}"


@cache
def measure(root: Path, folders: tuple[str, ...] = FOLDERS) -> dict[str, tuple[int, int, list[str]]]:
    """Measure each folder: docstrings in dialect, all its docstrings, and each offence with its place."""
    counts: dict[str, tuple[int, int, list[str]]] = {}
    for path in sorted(path for folder in folders for path in (root / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = list(docstrings(tree))
        bad = [(line, f"« {words} »") for line, text in texts if (words := offends(text))]
        folder, place = path.parent.relative_to(root).as_posix(), path.relative_to(root)
        count, total, offences = counts.get(folder, (0, 0, []))
        offences += [f"{place}:{line}: {words}" for line, words in [*bad, *names(path)]]
        counts[folder] = (count + len(bad), total + len(texts), offences)
        bare = [f"{place}:{line}: {words}" for line, words in values(tree)]
        if bare:  # by top folder, as modules move between its folders
            whole = f"{_VALUES}{place.parts[0]}"
            counts[whole] = (0, 0, [*counts.get(whole, (0, 0, []))[2], *bare])
    for name in (name for name in _PAPERS if "docs" in folders and (root / name).exists()):
        lines = [offends(_IN_PAPERS.sub(" ", line)) for line in (root / name).read_text(encoding="utf-8").splitlines()]
        offences = [f"{name}:{number}: « {words} »" for number, words in enumerate(lines, 1) if words]
        counts["docs"] = (0, 0, [*counts.get("docs", (0, 0, []))[2], *offences])
    return counts


def ceilings() -> dict[str, int]:
    """Read the ceilings by folder."""
    return tomllib.loads(_CEILINGS.read_text(encoding="utf-8")) if _CEILINGS.exists() else {}


def write(counts: dict[str, int]) -> None:
    """Write the ceilings. A folder without offences is left out."""
    lines = [f'"{folder}" = {count}\n' for folder, count in sorted(counts.items()) if count]
    _CEILINGS.write_text(_HEAD + "".join(lines), encoding="utf-8")


def lower() -> None:
    """Lower each ceiling to the offences that its folder still has."""
    counts = measure(ROOT)
    write({folder: min(old, len(counts[folder][2])) for folder, old in ceilings().items() if folder in counts})


def main() -> None:
    """Check the folders, or those given. Exits with 1 when one has more offences than its ceiling."""
    parser = argparse.ArgumentParser(prog="python -m tools.dialect", description=__doc__)
    parser.add_argument("folders", nargs="*", default=list(FOLDERS))
    parser.add_argument("--list", action="store_true", help="show each offence with its file and line")
    parser.add_argument("--write", action="store_true", help="write the ceilings as the tree is")
    arguments = parser.parse_args()
    counts = measure(ROOT, tuple(folder.rstrip("/") for folder in arguments.folders))
    if arguments.write:
        current = {name: count for name, count in ceilings().items() if (ROOT / name.removeprefix(_VALUES)).exists()}
        write(current | {folder: len(offences) for folder, (_, _, offences) in counts.items()})
    limits = ceilings()
    above = [folder for folder, (_, _, offences) in counts.items() if len(offences) > limits.get(folder, 0)]
    for folder in counts if arguments.list else above:
        count, total, offences = counts[folder]
        ceiling = limits.get(folder, 0)
        print(f"{folder}: {count} of {total} docstrings, {len(offences) - count} names; ceiling {ceiling}")
        print("".join(f"  {offence}\n" for offence in offences if arguments.list), end="")
    if above:
        folders = " ".join(sorted({name.removeprefix(_VALUES) for name in above}))
        raise SystemExit(f"Plainer English, please: python -m tools.dialect {folders} --list")


if __name__ == "__main__":
    main()
