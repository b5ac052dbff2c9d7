"""The verbs of responsibility, by noun: `letters`, `reports`, `accountability`, `programme`."""
