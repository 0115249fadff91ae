"""The frozen records that cross the walls of the services, by subject."""
