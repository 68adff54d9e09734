"""One verb a module; each has a `command`. They parse what was typed, call the pipeline and show what came of it."""
