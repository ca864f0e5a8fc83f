"""Applications as the agency handles them: lists, exports, draws, places and reports."""
