"""Text, into Slack and out of it: mrkdwn, button values, what people said."""
