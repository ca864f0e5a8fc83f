"""Clef: the extranet account service of a network of public conservatoires."""

import gc
import os

# A cold start is the shorter for both (docs/performance.md).
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    gc.disable()  # nothing that it makes is garbage; `wiring` turns it on again
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # there are none to look for
