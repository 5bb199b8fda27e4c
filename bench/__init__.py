"""Speed and memory, as ratios to a named floor in the same run."""
