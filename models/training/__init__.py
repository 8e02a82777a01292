"""Training of the name model: corpus, network, export and evaluation."""
