"""The deployed stack on this machine: the emulator, the deployment into it, and what it is good for."""
