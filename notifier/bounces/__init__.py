"""What comes back: bounces, complaints and requests to leave by mail, read, believed and acted upon."""
