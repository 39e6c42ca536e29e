"""What leaves the platform: the warehouse that people query."""
