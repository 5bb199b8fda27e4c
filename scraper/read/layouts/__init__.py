"""The projects of a page, layout by layout, before their fields are read."""
