"""Clef: the extranet account service of a network of public conservatoires."""
