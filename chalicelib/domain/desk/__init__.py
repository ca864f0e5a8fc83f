"""What the desk's lists are made of: families and re-enrolments in few words, and how a search reads them."""
