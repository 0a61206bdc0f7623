"""The config family: insecure settings in configuration of any kind, exact to the key."""
