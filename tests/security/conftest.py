"""The bots of `tests/rest`, for what is about REST here."""

from tests.rest.conftest import alone, behind_tokens, client_of, guarded, rest

__all__ = ["alone", "behind_tokens", "client_of", "guarded", "rest"]
