"""What is particular to the parts `requests`, `auth` and `environment`: a project, the words of laws, and engines."""
