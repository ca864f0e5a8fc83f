"""The data of the desk's lists: summaries of families and re-enrolments, filters and search."""
