"""What each kind of file pulls in: one module a family of files, each with ``collect(file, tree)``, loaded when such a file comes."""
