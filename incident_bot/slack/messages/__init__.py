"""What the bot says: pure functions from the domain to text and blocks."""
