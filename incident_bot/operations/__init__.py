"""What the commands `outbox` and `db` do, for whoever runs the bot; `cli.py` parses them.

Nothing here speaks SQL or serves HTTP: it asks the store or, over HTTP, a bot that is running.
"""
