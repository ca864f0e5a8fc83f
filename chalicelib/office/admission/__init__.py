"""The office and places asked for: offers whose term has passed, and who comes next."""
