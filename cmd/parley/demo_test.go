package main

import (
	"testing"

	"parley/internal/parleytest"
)

// TestDemoPlay plays what the demo plays in memory, with the auditor.
func TestDemoPlay(t *testing.T) { parleytest.Run(t, "demo/istanbul.talks") }
