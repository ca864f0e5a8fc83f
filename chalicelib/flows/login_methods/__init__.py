"""Flows of families' login methods: passkeys, FranceConnect, mailed codes, open sessions."""
