package record_test

import (
	"strings"
	"testing"

	"parley/internal/record"
)

func TestNames(t *testing.T) {
	for _, name := range []record.Name{
		record.JointName("istanbul-2025"),
		record.PublicName("istanbul-2025"),
		record.RoomName("istanbul-2025", [16]byte{0xab, 15: 1}),
		record.JointName(strings.Repeat("a", 100)),
		"2/joint",
	} {
		if err := name.Check(); err != nil {
			t.Errorf("%v", err)
		}
	}
	if got := record.RoomName("lake", [16]byte{0xab, 15: 1}); got != "lake/room/ab000000000000000000000000000001" || got.Talks() != "lake" {
		t.Errorf("RoomName = %q of the talks %q", got, got.Talks())
	}
	for _, name := range []record.Name{
		"", "/", "lake", "lake/", "/joint", "lake/joint/", "lake//joint", "lake/Joint", "Lake/joint", "läke/joint",
		"-lake/joint", "lake/private", "lake/room/", "lake/room/ab", "lake/room/AB000000000000000000000000000001",
		"lake/room/ab0000000000000000000000000000010", "lake/room/ab00000000000000000000000000000g",
		"lake/joint\n", "lake/../joint", "a/b/joint", record.JointName(strings.Repeat("a", 101)),
	} {
		if err := name.Check(); err == nil {
			t.Errorf("%q passes for the name of a record", name)
		}
	}
}
