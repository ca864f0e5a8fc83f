"""The secretary on the telephone: a family is found, shown, let in again, written to."""
