"""`make preview`: the texts of a network as people get them, in one folder."""
