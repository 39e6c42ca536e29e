"""A small marketplace whose truth we know: personas -> landing files with planted dirt."""
