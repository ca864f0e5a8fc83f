"""What runs in `.venv-ministack`, beside MiniStack: all that it is told beyond its own ways, and nothing else.

docs/decisions/0011-emulator.md says what each part stands in for.
"""
