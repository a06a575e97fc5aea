"""What is checked: where it is found, what it claims to have, and the surroundings of a story."""
