"""The tests of other projects, run on the reference: `conformance/workshop/peer_tests.py` does it, and says how."""
