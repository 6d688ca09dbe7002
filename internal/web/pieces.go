package web

import (
	"sync"

	"parley/internal/record"
	"parley/internal/secretariat"
)

// A store of shared things makes each once, for all who see the same. A
// thousand readers of one meeting cost one rendering of each entry per way of
// calling the parties.
//
// It has two generations: when the younger is full it becomes the older, and
// what nobody has asked for since is let go.
type shared[T any] struct {
	most       int // of a generation
	mu         sync.Mutex
	young, old map[any]*once[T]
}

// A once is made by whoever comes first, while the others wait.
type once[T any] struct {
	do    sync.Once
	thing T
	err   error
}

func newShared[T any](most int) *shared[T] {
	return &shared[T]{most: most, young: map[any]*once[T]{}, old: map[any]*once[T]{}}
}

// get returns the thing of a key, made by make if it is not there.
func (c *shared[T]) get(key any, make_ func() (T, error)) (T, error) {
	c.mu.Lock()
	p := c.young[key]
	if p == nil {
		if p = c.old[key]; p == nil {
			p = &once[T]{}
		}
		if len(c.young) >= c.most {
			c.young, c.old = map[any]*once[T]{}, c.young
		}
		c.young[key] = p
	}
	c.mu.Unlock()
	p.do.Do(func() { p.thing, p.err = make_() })
	return p.thing, p.err
}

// entryKey is all that shows in a piece of an entry: the entry, whether it is
// withheld, how the reader calls everybody, and what day it is.
type entryKey struct {
	record   record.Name
	number   int64
	withheld bool
	words    bool // still there
	print    string
	day      int
}

// line is the piece of an entry; empty if the entry is not for people.
func (h *house) line(p scene, s *secretariat.Seen) (string, error) {
	key := entryKey{s.Record, s.Number, s.Withheld(), s.Content != nil && s.Content.Words != nil, p.print, p.now.Year()*1000 + p.now.YearDay()}
	return h.pieces.get(key, func() (string, error) {
		e, ok := p.entry(s)
		if !ok {
			return "", nil
		}
		return render(line(p, e))
	})
}
