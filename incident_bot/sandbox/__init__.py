"""A strict local stand-in for Slack, to try the bot in and to test it against.

It imports nothing of the rest of the package, and the rest imports nothing of it: the two
meet over HTTP and WebSocket alone, as the bot and Slack do.
"""
