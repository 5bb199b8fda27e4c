"""What is configured: coopwatch.toml and the environment, read here and nowhere else."""

from settings.configuration import Settings, load_settings

__all__ = ["Settings", "load_settings"]
