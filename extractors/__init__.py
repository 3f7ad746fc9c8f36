"""Submission to Document: one row a format, one reader a row."""
