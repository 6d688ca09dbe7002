// Package bell tells whoever waits that a record has grown.
//
// The bell carries no news: a listener reads the entries with its own eyes, so
// that nothing private can leak this way and a ring that is missed does no
// harm. It owns the list of listeners and nothing else.
package bell

import (
	"maps"
	"slices"
	"sync"
)

// A Bell rings for any number of records. The zero value is ready to use.
type Bell struct {
	mu        sync.Mutex
	listeners map[string]map[chan struct{}]bool
}

// Ring announces that a record has grown. It never waits.
func (b *Bell) Ring(record string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.listeners[record] {
		select {
		case c <- struct{}{}:
		default: // the listener has not heard the last ring yet; one is enough
		}
	}
}

// Listen returns a channel that rings when any of the records has grown since
// it was last received from, and a function to stop listening.
func (b *Bell) Listen(records ...string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = make(map[string]map[chan struct{}]bool)
	}
	for _, r := range records {
		if b.listeners[r] == nil {
			b.listeners[r] = make(map[chan struct{}]bool)
		}
		b.listeners[r][c] = true
	}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, r := range records {
			delete(b.listeners[r], c)
			if len(b.listeners[r]) == 0 {
				delete(b.listeners, r)
			}
		}
	}
}

// Records returns the records that somebody listens to, in order.
func (b *Bell) Records() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.listeners))
}
