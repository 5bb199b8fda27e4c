"""What changed, and whether to believe it: a pure fold over captures and snapshots."""
