"""A package tried: everything that the functions do, run from the unpacked zip alone."""
