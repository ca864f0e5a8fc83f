"""What the office refuses: a code, whose sentence the edge finds, and the facts that fill it in."""


class OfficeRefusal(Exception):
    """An expected no to a member of staff or an operator."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
