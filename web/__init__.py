"""Who may look, who may ask? Public pages, subscriptions and the staff's audit pages."""
