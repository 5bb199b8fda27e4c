"""Our archives, replayed by a program that is not ours (`make test-replay`)."""
