"""What queueing theory says of a center, beside what its simulation measures."""
