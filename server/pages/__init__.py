"""The pages, one file each: a page is a Solara component called Page that takes a `Controller`."""
