"""Run the service of the current folder, and answer each line of input with the files of ours that ran.

`tools/acts.py` starts it. A file counts when a request or a job enters one of its functions, not on import.
"""

import json
import runpy
import sys
import threading
from pathlib import Path
from types import FrameType

_ROOT = f"{Path.cwd()}/"
_OURS = (f"{_ROOT}chalicelib/", f"{_ROOT}agency/", f"{_ROOT}app.py")
_files: dict[str, set[str]] = {"requests": set(), "jobs": set()}


def _note(frame: FrameType, event: str, _argument: object) -> None:
    name = frame.f_code.co_filename
    if event == "call" and name.startswith(_OURS) and frame.f_code.co_name != "<module>":
        is_request = threading.current_thread().name.startswith("waitress")
        _files["requests" if is_request else "jobs"].add(name.removeprefix(_ROOT))


def _answer() -> None:
    for _ in sys.stdin:
        print("passed", json.dumps({part: sorted(files) for part, files in _files.items()}), flush=True)
        for files in _files.values():
            files.clear()


if __name__ == "__main__":
    sys.path[0] = _ROOT
    threading.setprofile(_note)
    threading.Thread(target=_answer, daemon=True).start()
    runpy.run_module("tools.local.__main__", run_name="__main__")
