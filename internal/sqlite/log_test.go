package sqlite

import (
	"testing"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

func TestLog(t *testing.T) {
	recordtest.TestLog(t, func(t testing.TB) record.Log { return open(t, t.TempDir()).Log() })
}

func BenchmarkLog(b *testing.B) {
	recordtest.BenchmarkLog(b, func(t testing.TB) record.Log { return open(t, t.TempDir()).Log() })
}
