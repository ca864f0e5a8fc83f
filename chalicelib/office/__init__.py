"""What the office does: the yearly file, the period, the campaign, the telephone, the rights; one file per use case."""
