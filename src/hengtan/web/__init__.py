"""The pages: overview, targets, measures, registries, sources, data gaps."""
