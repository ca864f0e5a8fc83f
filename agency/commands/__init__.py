"""What one types: a file per word that follows `clef`; each calls the flow that has its name in `chalicelib/office`."""
