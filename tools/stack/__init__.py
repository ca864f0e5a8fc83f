"""The deployed stack on this machine: the emulator, and the deployment into it."""
