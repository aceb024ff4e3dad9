"""How a reply reaches people: by which way, on the Home tab, page by page."""
