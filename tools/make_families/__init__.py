"""Makes files of fictitious families, of any size, the same ones from the same seed, with slips where asked for."""
