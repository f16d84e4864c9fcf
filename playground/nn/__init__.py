"""Networks: activations, initializers, layers; parameters are a pytree."""
