"""Other services that hear of incidents."""
