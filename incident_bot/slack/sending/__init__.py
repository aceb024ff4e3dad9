"""Sends what the outbox holds, and takes the steps that channels need."""
