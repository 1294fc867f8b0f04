"""What no score may outweigh: text, faces, registered logos and codes, before an edit and after. One guard a file."""
