"""Letters on paper: the layout of the page, and the PDF of a site."""
