"""The tests: real databases, real servers, golden pages."""
