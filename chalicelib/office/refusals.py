"""The office's refusals: a code and its facts. A page or a command finds the sentence."""


class OfficeRefusal(Exception):
    """An expected refusal to a member of staff or an operator."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class ConfirmationNeeded(OfficeRefusal):
    """The request may be a mistake. A person who is sure may insist."""
