"""What a check found, shown: on a terminal, as JSON, as JUnit's XML. Reports judge nothing."""
