"""What people do in Slack that is no command, press or form: mentions, pins, channels, typing."""
