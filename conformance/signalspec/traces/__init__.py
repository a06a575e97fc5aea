"""Traces of what a project dispatched: read, compared with another, and audited for what receivers rely on."""
