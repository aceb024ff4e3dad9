"""Where incidents are kept: tables, transactions and migrations, by SQLAlchemy.

Nothing here knows Slack or HTTP; nothing outside speaks SQL.
"""
