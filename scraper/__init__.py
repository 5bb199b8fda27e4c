"""What does the page say? The nouns, the visit, the reading and the comparison; imports nothing of ours."""
