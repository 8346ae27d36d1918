"""How a run of firsthand is put together: command line, configuration, graphs, manifest."""
