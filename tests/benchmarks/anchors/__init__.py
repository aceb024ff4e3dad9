"""What the bot is measured against: each as small as it can be, a process of its own."""
