"""The agency's side: the command line `clef`, the files it reads and the letters it prints. Never in the Lambda.

`cli.py` is its table of contents. `agency/W/x.py` has the commands of `chalicelib/office/W/x.py`, with their output.
"""
