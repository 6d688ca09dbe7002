package parleytest

import (
	"flag"
	"sync"
	"testing"

	"parley/internal/record"
	"parley/internal/secretariat"
)

var plays = flag.Int("plays", 200, "how many random plays to play; from 2000 on their variety is checked too")

// TestRandomPlays plays at random, over all acts. Nothing panics, no fault
// occurs, every record and extract verifies and folds to the same state; and the
// plays are worth the name: half of what is tried is in order, everything that
// can happen does, and every rule that can stand in the way does.
func TestRandomPlays(t *testing.T) {
	const scenes = 100
	tally := NewTally()
	var mu sync.Mutex
	var wg sync.WaitGroup
	seeds := make(chan uint64)
	for range 2 {
		wg.Go(func() {
			own := NewTally()
			for seed := range seeds {
				RandomPlay(t, seed, scenes, own)
				if t.Failed() {
					t.Errorf("that was the play of seed %d", seed)
					break
				}
			}
			for range seeds {
			}
			mu.Lock()
			defer mu.Unlock()
			tally.add(own)
		})
	}
	for n := range *plays {
		seeds <- uint64(n)
	}
	close(seeds)
	wg.Wait()
	t.Logf("%d plays, %d acts, %d accepted", *plays, tally.Acts, tally.Accepted)
	if *plays >= 2000 {
		tally.check(t)
	}
}

func (a *Tally) add(b *Tally) {
	a.Acts += b.Acts
	a.Accepted += b.Accepted
	for k, n := range b.Events {
		a.Events[k] += n
	}
	for k, n := range b.Refused {
		a.Refused[k] += n
	}
}

func (a *Tally) check(t *testing.T) {
	if 2*a.Accepted < a.Acts {
		t.Errorf("of %d acts only %d were in order", a.Acts, a.Accepted)
	}
	for _, e := range secretariat.Events.Specs() {
		if n := a.Events[e.Name]; n < 100 {
			t.Errorf("%s happened %d times, fewer than 100", e.Name, n)
		}
	}
	rules := map[int]bool{50: true, 51: true, 52: true}
	for _, s := range secretariat.Acts.Specs() {
		rules[s.Rule] = true
	}
	for rule := range rules {
		if n := a.Refused[rule]; n < 10 {
			t.Errorf("rule %d stood in the way %d times, fewer than 10", rule, n)
		}
	}
}

// TestSameSeedSamePlay: chance is derived, so that a play can be played again.
func TestSameSeedSamePlay(t *testing.T) {
	a, b := RandomPlay(t, 3, 60, NewTally()), RandomPlay(t, 3, 60, NewTally())
	for _, name := range []record.Name{"lake/joint", "lake/public"} {
		x, err := a.Log.Head(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Log.Head(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if x.Root != y.Root {
			t.Errorf("%s: the same play leads to another record", name)
		}
	}
}
