def resources(document): return ()
