"""Workbooks (.xlsx, .xls, .ods, XML) -> Document: each sheet as it is printed."""
