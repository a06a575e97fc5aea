"""Laws of the chapter autoreload: none, as it demands nothing."""
