"""What is configured: coopwatch.toml and the environment, read here and nowhere else."""
