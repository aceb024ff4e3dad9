"""A file to which every timeline entry is appended when it is made, one JSON object a line."""
