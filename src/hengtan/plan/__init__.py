"""Plan model, indicator series and evidence, progress, lights and the task ledger."""
