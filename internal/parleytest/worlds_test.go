package parleytest

import (
	"bytes"
	"flag"
	"fmt"
	"strings"
	"testing"

	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

var pairs = flag.Int("pairs", 40, "how many pairs of worlds to compare")

// TestWorlds: whatever one side does among itself, everything that the other
// side, observers, the host and outsiders can fetch is the same, byte for byte:
// which records there are, what they hold, their proofs and heads, the folded
// state, the exported bundle, and the answers to their own acts.
func TestWorlds(t *testing.T) {
	busy := 0
	for n := range *pairs {
		w := NewWorlds(t, uint64(n), 50)
		if w.Secrets >= 5 {
			busy++
		}
		if w.Secrets > 0 && fetch(t, w.One, w.Talks, "njeri") == fetch(t, w.Other, w.Talks, "njeri") {
			t.Errorf("pair %d: not even the private side can tell the worlds apart: the comparison sees nothing", n)
		}
		for _, a := range w.Answers {
			t.Errorf("pair %d: answered differently: %s", n, a)
		}
		for _, name := range w.Others {
			one, other := fetch(t, w.One, w.Talks, name), fetch(t, w.Other, w.Talks, name)
			if one != other {
				t.Fatalf("pair %d: %q can tell the worlds apart:\n%s", n, name, firstDifference(one, other))
			}
			if strings.Contains(other, Mark) {
				t.Errorf("pair %d: %q reads what was said in private", n, name)
			}
		}
	}
	if 5*busy < 4**pairs {
		t.Errorf("in only %d of %d pairs was there something to keep secret", busy, *pairs)
	}
}

// fetch gathers everything that somebody can get from the desk.
func fetch(t *testing.T, h *House, id, name string) string {
	var all strings.Builder
	who := secretariat.Caller{Person: seat.Person(name)}
	names, err := h.Desk.Records(t.Context(), id, who)
	fmt.Fprintln(&all, names, err)
	for _, n := range append(names, record.JointName(id), record.PublicName(id)) {
		for e, err := range h.Desk.Read(t.Context(), id, who, n, 0) {
			if err != nil {
				fmt.Fprintln(&all, err)
				break
			}
			fmt.Fprintf(&all, "%s %d %x %s %s %v %v %+v\n", e.Record, e.Number, e.Leaf, e.Name, e.Seat, e.Time, e.Marks, e.Event)
		}
		proof, err := h.Desk.Prove(t.Context(), id, who, n, 1)
		fmt.Fprintf(&all, "%s %v\n", proof.Note, err)
	}
	var bundle bytes.Buffer
	err = h.Desk.Export(t.Context(), id, who, &bundle)
	fmt.Fprintln(&all, bundle.String(), err)
	if len(names) > 0 {
		all.WriteString(State(t, h.Desk, id, who))
	}
	ids, err := h.Desk.Talks(t.Context(), who)
	fmt.Fprintln(&all, ids, err)
	return all.String()
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			return fmt.Sprintf("%.400s\n%.400s", x[i], strings.Join(y[min(i, len(y)):min(i+1, len(y))], ""))
		}
	}
	return "one is longer"
}
