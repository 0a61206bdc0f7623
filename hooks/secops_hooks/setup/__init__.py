"""Beginning in a repository: what other tools are set up there, and how our block gets into its files. Writes nothing itself."""
