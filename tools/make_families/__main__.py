"""`python -m tools.make_families --families 5000 --seed 7 familles.csv`: a file to try an import with."""

import argparse
import json
from pathlib import Path
from typing import Final

from chalicelib.settings import load_network
from tools.make_families.listing import Summary, Wanted, listing
from tools.make_families.writing import table, write_csv, write_xlsx

_ENCODINGS: Final = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}
_SEPARATORS: Final = {"semicolon": ";", "comma": ",", "tab": "\t"}


def main() -> None:
    """Make a file, and say what is in it."""
    asked = _parser().parse_args()
    sites = tuple(site.code for site in load_network().sites)
    wanted = Wanted(asked.families, asked.seed, sites, asked.anomalies, asked.next_year)
    summary = Summary()
    rows = table(listing(wanted, summary), asked.layout)
    if asked.out.suffix == ".xlsx":
        write_xlsx(rows, asked.out)
    else:
        write_csv(rows, asked.out, _ENCODINGS[asked.encoding], _SEPARATORS[asked.separator])
    _tell(asked.out, summary, as_json=asked.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.make_families", description="Make a file of fictitious families."
    )
    parser.add_argument("out", type=Path, help="familles.csv or familles.xlsx")
    parser.add_argument("--families", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same families")
    parser.add_argument("--anomalies", action="store_true", help="plant a slip in one family of 25")
    parser.add_argument(
        "--next-year", action="store_true", help="the same families a year later: some gone, moved, new"
    )
    parser.add_argument("--layout", choices=("families", "pupils"), default="families", help="what a row stands for")
    parser.add_argument("--encoding", choices=tuple(_ENCODINGS), default="utf-8-sig")
    parser.add_argument("--separator", choices=tuple(_SEPARATORS), default="semicolon")
    parser.add_argument("--json", action="store_true", help="say what is in the file as JSON")
    return parser


def _tell(out: Path, summary: Summary, *, as_json: bool) -> None:
    data = summary.as_data()
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print(f"{out}: {summary.families} families to import, {summary.reachable} of them with an e-mail address")
    for what in ("anomalies", "since_last_year"):
        for name, count in data[what].items():
            print(f"  {count:>6} {name}")


if __name__ == "__main__":
    main()
