"""The pages of the steps of the sale."""
