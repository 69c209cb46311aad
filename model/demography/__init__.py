"""Demography of firms: entry, distress, restructuring and exit."""
