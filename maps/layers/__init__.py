"""Pure functions: a layer in, what is drawn out."""
