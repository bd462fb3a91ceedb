"""The one door to the disk: only changed bytes, atomically; what nobody plans is removed."""
