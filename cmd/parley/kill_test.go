package main

import (
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

var kills = flag.Int("kills", 5, "how often to kill the server under load")

// TestKilledServerLosesNothing kills the real server with SIGKILL while eight
// clients work, starts it again on the same directory, and has everybody whose
// answer was lost send the same request again: nothing that was acknowledged
// may be lost, and nothing entered twice.
func TestKilledServerLosesNothing(t *testing.T) {
	l, all := newLake(t, t.TempDir()+"/house"), talkers()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	var slowest time.Duration
	for i := range *kills {
		s := l.serve(t)
		slowest = max(slowest, s.took)
		time.AfterFunc(time.Duration(dice.Int64N(int64(250*time.Millisecond))), func() { s.Process.Kill() })
		var working sync.WaitGroup
		for _, k := range all {
			working.Go(func() {
				for {
					if err := k.say(l, s); err != nil {
						var no errSaidNo
						if errors.As(err, &no) {
							t.Errorf("%s was refused: %v", k.name, err)
						}
						return
					}
				}
			})
		}
		working.Wait()
		s.Wait()
		if s.errors.Len() > 0 {
			t.Errorf("the server complained: %s", s.errors)
		}
		if i%10 == 0 || i == *kills-1 {
			l.check(t, all)
		}
		if t.Failed() {
			return
		}
	}
	acked, open := 0, 0
	for _, k := range all {
		acked += len(k.acked)
		if k.again {
			open++
		}
	}
	t.Logf("%d kills, %d entries acknowledged, none lost, none doubled; slowest start %v; %d requests were open at the last kill", *kills, acked, slowest, open)
	if acked < *kills {
		t.Errorf("only %d entries were acknowledged: the clients hardly worked", acked)
	}
	if slowest > 2*time.Second && *kills >= 100 {
		t.Errorf("the slowest start took %v", slowest)
	}
}
