"""When? The one real clock, the jobs and the scheduler that pokes them."""
