"""Real mail servers on loopback, and the tests that need them (`make test-mail`)."""
