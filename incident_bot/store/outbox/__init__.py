"""What waits to be sent: put in, claimed, settled, and shown to the operator."""
