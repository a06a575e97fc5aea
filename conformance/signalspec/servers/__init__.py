"""Servers: is every request_started followed by one request_finished, in the same thread, whatever the client does?

`server` says how each server is started; `project` is what it serves, and notes what is sent; `client` and
`scenarios` are what clients do; `running` brings them together; `judging` tells from the notes which clauses hold.
"""
