"""Laws of the part models: what Django's models send."""
