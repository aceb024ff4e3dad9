"""How Slack and the bot come together: over HTTP or in Socket Mode."""
