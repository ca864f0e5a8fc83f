"""The Python and the processors of the functions on AWS."""

from typing import Final, Literal

Architecture = Literal["x86_64", "arm64"]

VERSION: Final = (3, 13)  # `.python-version` repeats it for tools that make environments
RUNTIME: Final = f"python{VERSION[0]}.{VERSION[1]}"
