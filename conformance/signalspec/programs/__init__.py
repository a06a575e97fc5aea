"""What is run on a signal, as data: commands, casts, the model that predicts them, and their scripts."""
