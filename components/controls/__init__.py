"""What a visitor sets: controls made from the scenario's own declarations."""
