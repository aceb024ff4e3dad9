"""The sending of what waits in the outbox: when, in which order, and what came of it.

It knows no Slack: a `Sender` does the sending and says how it went.
"""
