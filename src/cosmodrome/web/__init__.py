"""The page's server: the command line's questions over HTTP, on this machine."""
