"""The trail at the front door (留痕): refusals recorded, heads kept elsewhere, exports for an independent proof, rights in the database."""
