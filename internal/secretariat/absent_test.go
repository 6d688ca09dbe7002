package secretariat

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/internal/memory"
)

// TestAskingForNothingCostsNothing: whoever asks for ten thousand talks that do
// not exist leaves no more behind than for a thousand.
func TestAskingForNothingCostsNothing(t *testing.T) {
	d := New(House{Log: new(memory.Log), Now: time.Now})
	for i := range 10_000 {
		if _, err := d.Announced(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := d.Look(context.Background(), fmt.Sprintf("t%d", i), Caller{}, nil); err == nil {
			t.Fatal("there are talks")
		}
	}
	if n := len(d.files); n > mostEmpty+1 {
		t.Errorf("the desk keeps %d files of no talks", n)
	}
}
