"""What does a write do, beyond its route?"""
