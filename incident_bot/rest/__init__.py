"""The HTTP routes that are not Slack's: one file a resource, and what they have in common.

Every answer is JSON, also of what goes wrong; nothing here knows Slack or SQL.
"""
