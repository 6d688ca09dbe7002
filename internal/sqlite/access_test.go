package sqlite

import (
	"testing"

	"parley/internal/access"
	"parley/internal/access/accesstest"
)

func TestAccess(t *testing.T) {
	accesstest.TestStore(t, func(t testing.TB) access.Store { return open(t, t.TempDir()).Access() })
}
