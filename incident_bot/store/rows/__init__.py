"""Tables, and the reading and writing of rows inside the caller's transaction."""
