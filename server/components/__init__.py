"""What pages are made of: Vue components, each with a Python function that names its props and events."""
