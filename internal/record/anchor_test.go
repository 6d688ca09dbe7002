package record_test

import (
	"testing"

	"parley/internal/record"
	"parley/internal/record/recordtest"
)

func TestAnchors(t *testing.T) {
	const k = 8
	w := recordtest.NewWriter(t)
	v := w.Verifier()
	moved := w.Grow(t, shore, w.Draft("kenya", "Our capital agrees."))
	silent := record.RoomName("lake", [16]byte{2})
	rooms := []record.Anchored{{Origin: v.Origin(shore), Head: moved.Batch.Head}, {Origin: v.Origin(silent)}}
	chance := record.Chance{3}

	seen := make(map[record.Hash]bool)
	var values []record.Hash
	var salts [][32]byte
	for number := int64(5); number <= 6; number++ { // nothing has moved in between
		var err error
		values, salts, err = record.Anchors(chance, joint, number, k, rooms)
		if err != nil || len(values) != k || len(salts) != len(rooms) {
			t.Fatalf("Anchors = %d values, %d salts, %v", len(values), len(salts), err)
		}
		for _, value := range values {
			seen[value] = true
		}
	}
	if len(seen) != 2*k {
		t.Errorf("two anchor entries have %d different values, want %d", len(seen), 2*k)
	}

	c, err := v.Checkpoint(shore, moved.Batch.Head.Note)
	if err != nil {
		t.Fatal(err)
	}
	if err := record.CheckAnchor(values[0], salts[0], c); err != nil {
		t.Errorf("%v", err)
	}
	empty := record.Checkpoint{Origin: v.Origin(silent)}
	if err := record.CheckAnchor(values[1], salts[1], empty); err != nil {
		t.Errorf("a room in which nothing was said: %v", err)
	}
	for i, value := range values {
		for j, salt := range salts {
			if i != 0 || j != 0 {
				if record.CheckAnchor(value, salt, c) == nil {
					t.Errorf("place %d with salt %d anchors the shore", i, j)
				}
			}
		}
	}
	other := c
	other.Root[0] ^= 1
	if record.CheckAnchor(values[0], salts[0], other) == nil {
		t.Error("the anchor holds for a fork")
	}
	if _, _, err := record.Anchors(chance, joint, 7, 1, rooms); err == nil {
		t.Error("two rooms were anchored in one place")
	}
	if record.AnchorPad([32]byte{1}) == record.AnchorValue([32]byte{1}, "", record.Head{}) {
		t.Error("padding opens as an anchor")
	}
}
