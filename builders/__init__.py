"""Issue to bytes: DOCX, PDF, web page, text."""
