"""The agency's side: the command line `clef`, the files it reads and the letters it prints. Never in the Lambda.

`cli.py` is its table of contents. What `chalicelib/office/W/x.py` does is typed by `agency/W/x.py`; what that prints is
beside it.
"""
