"""What can be wrong with a database as a whole."""


class DatabaseUnusable(Exception):
    """The database cannot be used as it is; the text says why and what to do."""


class DatabaseInUse(DatabaseUnusable):
    """Another process has the file; `holder` is its ID, as far as it can be read."""

    def __init__(self, words: str, holder: str) -> None:
        self.holder = holder
        super().__init__(words)
