"""Flows of families' other ways in: passkeys, FranceConnect, mailed codes, open sessions."""
