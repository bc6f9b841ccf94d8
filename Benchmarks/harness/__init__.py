"""What `compare` is made of; standard library only."""
