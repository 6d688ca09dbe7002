package secretariat

import (
	"strings"
	"testing"
	"time"

	"parley/internal/ruling"
	"parley/internal/seat"
)

// TestLinesAreServedInTurn: Njeri submits a thousand acts, then Otieno one. His
// is in the next transaction, second.
func TestLinesAreServedInTurn(t *testing.T) {
	q := queue{busy: true}
	for range 1000 {
		q.put(nil, &job{who: Caller{Person: "njeri"}})
	}
	q.put(nil, &job{who: Caller{Person: "otieno"}})
	batch := q.next()
	var order []string
	for _, j := range batch[:3] {
		order = append(order, string(j.who.Person))
	}
	if got := strings.Join(order, " "); got != "njeri otieno njeri" || len(batch) != most {
		t.Errorf("a transaction of %d begins with %s", len(batch), got)
	}
	taken := len(batch)
	for batch = q.next(); len(batch) > 0; batch = q.next() {
		taken += len(batch)
	}
	if taken != 1001 || q.busy {
		t.Errorf("%d of 1001 submissions were taken; busy %v", taken, q.busy)
	}
}

// TestTurnstile: what is over the measure is refused by rule, comes back with
// time, and is nobody else's loss.
func TestTurnstile(t *testing.T) {
	gate := turnstile{Quota: Quota{PerSecond: 10, Burst: 20}}
	now := time.Date(2030, 1, 2, 10, 0, 0, 0, time.UTC)
	try := func(who seat.Person, times int) (passed int) {
		for range times {
			err := gate.pass(Caller{Person: who}, now)
			if err == nil {
				passed++
			} else if no := ruling.Of(err); no.Rule != 53 || no.Kind != ruling.OutOfOrder {
				t.Errorf("refused as %v", err)
			}
		}
		return passed
	}
	if got := try("njeri", 1000); got != 20 {
		t.Errorf("at once Njeri submits %d, want 20", got)
	}
	if got := try("otieno", 5); got != 5 {
		t.Errorf("Otieno submits %d of 5", got)
	}
	now = now.Add(time.Second)
	if got := try("njeri", 1000); got != 10 {
		t.Errorf("a second later Njeri submits %d, want 10", got)
	}
}
