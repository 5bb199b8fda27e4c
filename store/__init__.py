"""What do we keep? Tables, migrations, history, ledger, subscriptions, deliveries: no table leaves here."""
