"""All wings, in the order in which pages show their parts. `settings/wings.py` has those of this network."""

from typing import Final

from chalicelib.wings.wing import Wing, load

ALL_WINGS: Final[tuple[Wing, ...]] = tuple(
    load(f"chalicelib.wings.{name}:{name.upper()}")
    for name in (
        "admission",
        "billing",
        "campaign",
        "payment",
        "teaching",
    )
)
