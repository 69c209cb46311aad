"""Publishing: tables and pages of the documents, written from code and results."""
