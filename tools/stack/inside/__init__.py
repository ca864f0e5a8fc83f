"""Code that runs in `.venv-ministack` beside MiniStack: every adaptation of it.

docs/decisions/0011-emulator.md explains each part.
"""
