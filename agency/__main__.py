"""`python -m agency`: the command line `clef`."""

from agency.cli import main

if __name__ == "__main__":
    main()
