"""An update or a graph that is sent -> the next snapshot, made by a process that can be killed."""
