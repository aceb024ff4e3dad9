"""What the bot asks Slack: people, channels, the workspace; and what its answers mean."""
