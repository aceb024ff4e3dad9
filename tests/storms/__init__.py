"""What storms have in common: Slack's weather, and people who do not give up."""
