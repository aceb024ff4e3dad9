"""What an incident is: pure data, rules and errors. No input or output lives here."""
