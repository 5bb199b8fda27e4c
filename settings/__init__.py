"""What is configured: coopwatch.toml and the environment, read here and nowhere else."""

from settings.configuration import FILE_NAME, Settings, load_settings

__all__ = ["FILE_NAME", "Settings", "load_settings"]
