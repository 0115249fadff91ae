"""The main window: header, bands, pages, strip, menus and tray."""
