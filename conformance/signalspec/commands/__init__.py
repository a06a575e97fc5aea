"""The commands of the command line, each room's in a module that imports what it needs when it is run."""
