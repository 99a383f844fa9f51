"""Word documents and what stands in them: the bulletin, notices, pictures, a sample plan."""
