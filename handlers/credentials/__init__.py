"""Content Credentials (C2PA): signing them into files, and reading what files carry. Loads its library late."""
