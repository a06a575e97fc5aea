"""The tests of other projects, run on the reference: `tests/peer_tests.py` does it, and says how."""
