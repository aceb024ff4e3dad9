"""Other services that hear of incidents: a folder each, with its sender and its words."""
