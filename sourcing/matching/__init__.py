"""What a listing really sells: its title read by a small grammar, and refused whenever it can be read two ways."""
