"""Files of word processors (.docx, .doc, .rtf, .odt) -> Document."""
