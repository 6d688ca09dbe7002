package talks_test

import (
	"path/filepath"
	"testing"

	"parley/internal/parleytest"
)

func TestPlays(t *testing.T) {
	files, err := filepath.Glob("testdata/*.talks")
	if err != nil || len(files) == 0 {
		t.Fatal("no plays", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { parleytest.Run(t, file) })
	}
}
