package memory_test

import (
	"testing"

	"parley/internal/access"
	"parley/internal/access/accesstest"
	"parley/internal/memory"
)

func TestAccess(t *testing.T) {
	accesstest.TestStore(t, func(testing.TB) access.Store { return new(memory.Access) })
}
