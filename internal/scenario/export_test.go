package scenario

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/bargain"
)

// TestExportedFilesAreWorthTheSame writes random scenarios for every tool that can hold them, reads the files back, and
// compares the worth of every package, the reservation values and the discounts.
func TestExportedFilesAreWorthTheSame(t *testing.T) {
	written := map[Format]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := randomScenario(t, true)
		tame(t, s)
		for _, f := range []Format{GeniusWeb, NegoLog, Genius} {
			files, err := Export(f, s)
			if err != nil {
				if strings.Contains(err.Error(), "%!") {
					t.Fatalf("the refusal %q is no sentence", err)
				}
				continue
			}
			written[f]++
			got, _, err := Reader{}.ReadFiles("out", files, nil)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			sameWorths(t, f, s, got)
		}
	})
	for _, f := range []Format{GeniusWeb, NegoLog, Genius} {
		if written[f] < 10 {
			t.Errorf("%s was written %d times only: this test has checked too little", f, written[f])
		}
	}
}

// tame makes most scenarios fit for other tools: worths from 0 to 1 and weights that sum to 1.
func tame(t *rapid.T, s *Scenario) {
	if rapid.IntRange(0, 4).Draw(t, "wild") == 0 {
		return
	}
	reserves := rapid.Bool().Draw(t, "all reserve")
	s.Scorings = nil
	for _, p := range s.Template.Parties {
		sc := bargain.Scoring{Party: p.ID, Weights: map[string]bargain.Number{}, Values: map[string]map[string]bargain.Number{}}
		left := int64(1000)
		for i, is := range s.Template.Issues {
			w := left
			if i < len(s.Template.Issues)-1 {
				w = rapid.Int64Range(0, left).Draw(t, "weight")
			}
			left -= w
			sc.Weights[is.ID] = bargain.Ratio(w, 1000)
			sc.Values[is.ID] = map[string]bargain.Number{}
			for _, o := range is.Options {
				sc.Values[is.ID][o.ID] = bargain.Ratio(rapid.Int64Range(0, 100).Draw(t, "worth"), 100)
			}
		}
		if reserves {
			v := bargain.MustNumber("0.25")
			sc.Reservation = &v
		}
		s.Scorings = append(s.Scorings, sc)
	}
}

func sameWorths(t *rapid.T, f Format, want, got *Scenario) {
	if want.Size().Cmp(got.Size()) != 0 || len(want.Scorings) != len(got.Scorings) {
		t.Fatalf("%s has %s packages and %d parties, want %s and %d", f, got.Size(), len(got.Scorings), want.Size(), len(want.Scorings))
	}
	d := make(bargain.Deal, len(want.Template.Issues))
	for {
		for i := range want.Template.Parties {
			a, err := want.Worth(want.Template.Parties[i].ID, d)
			if err != nil {
				t.Fatal(err)
			}
			b, err := got.Worth(got.Template.Parties[i].ID, d)
			if err != nil || !a.Equal(b) {
				t.Fatalf("%s: %v is worth %s to party %d, %s before (%v)", f, d, b, i, a, err)
			}
		}
		i := len(d) - 1
		for ; i >= 0; i-- {
			if d[i]++; int(d[i]) < len(want.Template.Issues[i].Options) {
				break
			}
			d[i] = 0
		}
		if i < 0 {
			break
		}
	}
	for i := range want.Scorings {
		a, b := want.Scorings[i], got.Scorings[i]
		if (a.Reservation == nil) != (b.Reservation == nil) || a.Reservation != nil && !a.Reservation.Equal(*b.Reservation) {
			t.Fatalf("%s: party %d accepts from %v, %v before", f, i, b.Reservation, a.Reservation)
		}
		if (a.Discount == nil) != (b.Discount == nil) || a.Discount != nil && !a.Discount.Equal(*b.Discount) {
			t.Fatalf("%s: party %d discounts by %v, %v before", f, i, b.Discount, a.Discount)
		}
	}
}
