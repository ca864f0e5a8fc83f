"""Serve MiniStack on two sockets, given by number, for AWS's API and for the edge, until standard input ends."""

import asyncio
import os
import sys
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from tools.stack.inside import patches
from tools.stack.inside.edge import edge, write_certificate


async def _until_input_ends() -> None:
    """Wait until the starting process ends: its end of the pipe is then closed."""
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _serve(config: Config) -> None:
    # Not hypercorn's own trigger: on a signal it would wait for connections that a browser keeps open.
    await serve(edge, config, shutdown_trigger=_until_input_ends)


def main() -> None:
    """Serve."""
    api, tls, folder = sys.argv[1:]
    os.environ.pop("PYTHONPATH")  # functions inherit the environment, and must not import our modules
    patches.patch_all()
    config = Config()
    config.certfile, config.keyfile = write_certificate(Path(folder))
    config.bind = [f"fd://{tls}"]
    config.insecure_bind = [f"fd://{api}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = 0.5
    asyncio.run(_serve(config))


if __name__ == "__main__":
    main()
