"""The command line: wires the rooms together, one module per group of commands."""
