"""What runs the functions on AWS: its Python, and its processors."""

from typing import Final, Literal

Architecture = Literal["x86_64", "arm64"]

VERSION: Final = (3, 13)  # `.python-version` says the same to the tools that make environments
RUNTIME: Final = f"python{VERSION[0]}.{VERSION[1]}"
