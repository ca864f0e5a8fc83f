"""Proofs of identity that staff and families share: identity providers, passkeys, seals."""
