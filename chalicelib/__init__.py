"""Clef: the extranet account service of a network of public conservatoires."""

import gc
import os

# Both shorten a cold start (docs/performance.md).
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    gc.disable()  # a start makes no garbage, and `wiring` enables it again
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # skips the search for plugins: there are none
