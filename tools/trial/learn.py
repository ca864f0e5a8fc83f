"""`python -m tools.trial.learn`: writes `loaded.txt` anew; to be run when a requirement or the service changes."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from chalicelib.settings import load_network
from operations.package import ZIP, package
from operations.package.pruning import LOADED, is_ours, listed, without_version
from tools.local.aws import LocalAws
from tools.trial.work import do_everything

_HEAD = "# Every file of the requirements that the Lambda loads: written by `python -m tools.trial.learn`, not by hand."


def main() -> None:
    """Exercise a whole package and note what it loads; say what changed."""
    aws = LocalAws()
    resources = aws.create("learn", load_network().sender_address)
    with TemporaryDirectory() as scratch:
        package(Path(scratch), whole=True)
        task = Path(scratch, "task")
        with ZipFile(Path(scratch, ZIP)) as packed:
            packed.extractall(task)
        seen = do_everything(task, aws, resources)
    aws.stop()
    before = listed()
    loaded = {without_version(name) for name in seen.loaded if not is_ours(name) and ".dist-info/" not in name}
    if "--add" in sys.argv:  # what another Python loads besides
        loaded |= before
    LOADED.write_text("\n".join([_HEAD, *sorted(loaded)]) + "\n", "utf-8")
    for name in sorted(loaded ^ before):
        print(("+ " if name in loaded else "- ") + name)
    print(f"{len(loaded)} files in {LOADED.name}")


if __name__ == "__main__":
    main()
