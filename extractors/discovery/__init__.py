"""Finding where a body's journal, meetings and data are: platforms by their marks, the ladder, and one polite probe."""
