package hub

import "testing"

// eachDatabase runs a test on every kind of database that a hub may have.
func eachDatabase(t *testing.T, test func(*testing.T, *Hub)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newTestHub(t, "")) })
}
