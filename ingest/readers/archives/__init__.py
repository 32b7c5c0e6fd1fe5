"""Files that hold other files (ZIP, OLE compound files, MIME): what is in them."""
