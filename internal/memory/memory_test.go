package memory_test

import (
	"testing"

	"parley/internal/memory"
	"parley/internal/record"
	"parley/internal/record/recordtest"
)

func TestLog(t *testing.T) {
	recordtest.TestLog(t, func(testing.TB) record.Log { return new(memory.Log) })
}

func BenchmarkLog(b *testing.B) {
	recordtest.BenchmarkLog(b, func(testing.TB) record.Log { return new(memory.Log) })
}
