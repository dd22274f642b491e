"""Files made for the tests, one module a family; each is small and says a known phrase in a known place."""
