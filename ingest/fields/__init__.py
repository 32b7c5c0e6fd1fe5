"""The words of a cell or a phrase -> units, roles, quantities, dates, places, metadata; or a warning."""
