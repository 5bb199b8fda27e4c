"""The staff's office: the pages behind the sign-in, for looking at everything and deciding what waits."""
