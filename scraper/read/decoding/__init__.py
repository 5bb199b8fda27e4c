"""Bytes to text: what a body is, and which letters it holds."""
