"""A file to which every change is appended, one JSON object a line."""
