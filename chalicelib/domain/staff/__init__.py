"""Members of staff: their roles, rights and proofs of identity."""
