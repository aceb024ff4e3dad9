"""What can be wrong with a database as a whole."""


class DatabaseUnusable(Exception):
    """The database cannot be used as it is; the text says why and what to do."""
