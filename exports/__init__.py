"""Who may take it along? Archives, tables and feeds of what is kept."""
