"""Speed and memory, as ratios to a named floor in the same run.

Each module here has `run()`, which returns rows; `python -m bench` runs all of them, or those that are named.
"""
