"""What single recipients of a campaign tell of its circumstances: groups, waits and orders."""
