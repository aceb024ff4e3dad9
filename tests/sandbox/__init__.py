"""The stand-in itself: what it refuses, what it sends, and a real Bolt app talking to it."""
