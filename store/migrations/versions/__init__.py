"""One module per step, named by its revision; a step that was released is never edited."""
