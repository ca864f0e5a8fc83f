"""The agency's side: the command line `clef`, the files it reads and the letters it prints. Never in the Lambda."""
