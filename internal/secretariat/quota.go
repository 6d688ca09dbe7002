package secretariat

import (
	"sync"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// A Quota bounds how much one person may submit, so that no side can slow the
// other by flooding the desk. The zero Quota bounds nothing.
type Quota struct {
	PerSecond float64 // sustained
	Burst     int     // at once
}

// A turnstile counts what each person has submitted lately. What is over the
// quota is refused before it waits in line, which costs next to nothing.
type turnstile struct {
	Quota
	mu     sync.Mutex
	levels map[seat.Person]level
}

// level is how full a person's bucket was at an instant.
type level struct {
	left float64
	at   time.Time
}

// pass lets a submission through or refuses it (rule 53).
func (t *turnstile) pass(who Caller, now time.Time) error {
	if t.PerSecond <= 0 || who.clock || who.Console {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l, known := t.levels[who.Person]
	if !known {
		l = level{left: float64(t.Burst), at: now}
	}
	if elapsed := now.Sub(l.at).Seconds(); elapsed > 0 {
		l.left, l.at = min(float64(t.Burst), l.left+elapsed*t.PerSecond), now
	}
	if l.left < 1 {
		wait := time.Duration((1 - l.left) / t.PerSecond * float64(time.Second))
		return ruling.No(ruling.OutOfOrder, 53, "too-much-at-once", "Wait", phrasebook.Minutes(wait.Round(time.Minute)+time.Minute))
	}
	l.left--
	if t.levels == nil || len(t.levels) > mostPeople {
		t.levels = map[seat.Person]level{} // forgetting is generous: everybody has a full bucket again
	}
	t.levels[who.Person] = l
	return nil
}

// mostPeople is for how many persons levels are kept at once.
const mostPeople = 100_000
